using CustomerValue.Text;

namespace CustomerValue.Torch.Training;

/// <summary>A batch with hidden tokens, and what stood there.</summary>
/// <param name="Tokens">The batch, as the model sees it.</param>
/// <param name="Positions">[M]: where tokens have to be guessed, as numbers into the [B x T] batch, rising.</param>
/// <param name="Targets">[M]: what stood there.</param>
internal sealed record MaskedBatch(TokenBatch Tokens, long[] Positions, long[] Targets);

/// <summary>Hides whole words of a batch for a masked language model to guess.</summary>
/// <param name="special">[CLS], [SEP] and padding are never hidden; [MASK] hides.</param>
/// <param name="vocabulary">Size of the vocabulary, for the random tokens.</param>
/// <param name="rate">Share of the tokens to guess.</param>
/// <remarks>Devlin et al. (2019): of the tokens to guess 80 % show [MASK], 10 % another token and 10 % themselves. Whole words as in Cui et al. (2021),
/// "Pre-Training with Whole Word Masking for Chinese BERT".</remarks>
internal sealed class MaskedTokens(SpecialTokens special, int vocabulary, double rate = 0.15)
{
    private readonly int _mask = special.Mask ?? throw new ArgumentException("The vocabulary has no [MASK] token, which a masked language model needs. Train a vocabulary with one (customervalue text train-vocab), or pre-train a causal model.", nameof(special));
    private readonly double _rate = Check.Within(rate, 0.01, 0.9);

    /// <summary>The batch of some rows, masked as the stream of random numbers says; every batch hides at least one token where it has any.</summary>
    public MaskedBatch Of(IReadOnlyList<WordTokens> rows, SplitMix64 random)
    {
        var tokens = TokenBatch.Of([.. rows.Select(r => r.Ids)], special.Pad ?? 0);
        var words = Words(rows, tokens.Length);
        var left = (int)Math.Max(1, Math.Round(_rate * words.Sum(w => w.Count)));
        Shuffle.InPlace(words, new(random.Next()));

        var hidden = new List<(long Position, long Target)>(left + 8);
        foreach (var (from, count) in words)
        {
            if (left <= 0) break;
            if (count > left && hidden.Count > 0) continue;     // a word longer than what is left waits for another batch
            for (var at = from; at < from + count; at++)
            {
                hidden.Add((at, tokens.Ids[at]));
                tokens.Ids[at] = random.Unit() switch { < 0.8 => _mask, < 0.9 => random.Below(vocabulary), _ => tokens.Ids[at] };
            }
            left -= count;
        }
        hidden.Sort();
        return new(tokens, [.. hidden.Select(h => h.Position)], [.. hidden.Select(h => h.Target)]);
    }

    private List<(int From, int Count)> Words(IReadOnlyList<WordTokens> rows, int width)
    {
        var words = new List<(int, int)>();
        for (var row = 0; row < rows.Count; row++)
            for (int from = 0, to = 0; from < rows[row].Count; from = to)
            {
                for (to = from + 1; to < rows[row].Count && !rows[row].Starts[to] && !IsSpecial(rows[row].Ids[to]); to++) { }
                if (!IsSpecial(rows[row].Ids[from])) words.Add((row * width + from, to - from));
            }
        return words;
    }

    private bool IsSpecial(int id) => id == special.Start || id == special.End || id == special.Pad || id == special.Mask;
}
