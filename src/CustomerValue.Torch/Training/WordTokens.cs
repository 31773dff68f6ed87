using CustomerValue.Text;

namespace CustomerValue.Torch.Training;

/// <summary>A text's ids, and where its words begin.</summary>
/// <param name="Ids">The text's own ids, nothing around them.</param>
/// <param name="Starts">[ids]: whether a word begins at the token; the first one always does.</param>
public sealed record WordTokens(int[] Ids, bool[] Starts)
{
    /// <summary>Tokens of the text.</summary>
    public int Count => Ids.Length;

    /// <summary>Tokenizes a text and finds its words.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokenizer">Gives the ids.</param>
    /// <param name="words">Where the text's words end, as character positions in rising order; null where spaces, punctuation and '##' pieces
    /// tell enough. For Chinese a segmenter, so that whole words are guessed, not single characters out of known neighbours.</param>
    public static WordTokens Of(string text, ITokenizer tokenizer, Func<string, IReadOnlyList<int>>? words = null)
    {
        var ids = tokenizer.EncodePlain(text);
        return words is not null && BySegments(text, ids, tokenizer, words(text)) is { } segmented ? segmented : new(ids, ByPieces(ids, tokenizer));
    }

    // Token by token a tokenizer doesn't say which characters it read. Word by word it gives the same ids, unless a segment ends inside of what
    // it takes for one word; then the pieces must do.
    private static WordTokens? BySegments(string text, int[] ids, ITokenizer tokenizer, IReadOnlyList<int> ends)
    {
        var starts = new bool[ids.Length];
        var (from, at) = (0, 0);
        foreach (var end in ends.Append(text.Length))
        {
            if (end < from || end > text.Length)
                throw new ArgumentException($"Word ends must rise from 0 to the text's length, {text.Length}; {end} follows {from}.", nameof(ends));
            if (end == from) continue;
            var word = tokenizer.EncodePlain(text[from..end]);
            if (at + word.Length > ids.Length || !word.AsSpan().SequenceEqual(ids.AsSpan(at, word.Length))) return null;
            if (word.Length > 0) starts[at] = true;
            (from, at) = (end, at + word.Length);
        }
        return at == ids.Length ? new(ids, starts) : null;
    }

    private static bool[] ByPieces(int[] ids, ITokenizer tokenizer)
    {
        var starts = new bool[ids.Length];
        for (var at = 0; at < ids.Length; at++) starts[at] = at == 0 || BeginsWord(tokenizer.Vocabulary[ids[at]]);
        return starts;
    }

    // WordPiece marks what goes on ("##ing"), byte-level BPE what begins ("Ġgo"); a character outside ASCII without either mark stands for itself.
    // So does a piece that goes on in Chinese: where a vocabulary has whole words, a run of characters up to the next mark is full of them.
    private static bool BeginsWord(string piece) => !piece.StartsWith("##", StringComparison.Ordinal) || piece.Length > 2 && WordSegmenter.IsHan(piece[2]);

    /// <summary>Texts with enough to hash: which data a run learned from.</summary>
    internal static string Fingerprint(IEnumerable<WordTokens> texts)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(BitConverter.GetBytes(text.Count));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.Ids.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
