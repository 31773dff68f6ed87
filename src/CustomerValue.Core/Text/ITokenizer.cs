namespace CustomerValue.Text;

/// <summary>Text to the token ids that a model was trained on, and back. Immutable, and safe to share between threads.</summary>
public interface ITokenizer
{
    /// <summary>The tokens, as the vocabulary spells them; a token's place is its id.</summary>
    IReadOnlyList<string> Vocabulary { get; }

    /// <summary>Ids that models treat apart.</summary>
    SpecialTokens Special { get; }

    /// <summary>A token's id; null when the vocabulary lacks it.</summary>
    int? IdOf(string token);

    /// <summary>The text's ids, with what the model expects around them ([CLS] ... [SEP] for encoders, as the folder says for decoders).</summary>
    /// <param name="text">Any text; the empty one gives the special tokens only.</param>
    /// <param name="maxTokens">The most ids returned, special ones included; the text's end is cut off.</param>
    int[] Encode(string text, int maxTokens = int.MaxValue);

    /// <summary>The text's own ids: nothing is put around them, and nothing is cut off.</summary>
    int[] EncodePlain(string text);

    /// <summary>Many texts' ids, as <see cref="Encode"/> gives them one by one and in the texts' order, whatever the number of threads.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="maxTokens">The most ids of a text, special ones included.</param>
    /// <param name="threads">How many threads may work at once.</param>
    /// <param name="cancellation">Stops between two texts.</param>
    int[][] EncodeAll(IReadOnlyList<string> texts, int maxTokens = int.MaxValue, int threads = 1, CancellationToken cancellation = default)
    {
        var ids = new int[texts.Count][];
        Parallel.For(0, texts.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, row => ids[row] = Encode(texts[row], maxTokens));
        return ids;
    }

    /// <summary>The text that the ids stand for; special tokens are left out.</summary>
    string Decode(ReadOnlySpan<int> ids);
}

/// <summary>Ids of the tokens that aren't text; null where the vocabulary has none.</summary>
/// <param name="Pad">Fills rows of a batch; where there is none, rows are filled with 0 and masked.</param>
/// <param name="Unknown">Stands for what the vocabulary can't spell.</param>
/// <param name="Start">[CLS], or the beginning of a sequence.</param>
/// <param name="End">[SEP], or the end of a sequence.</param>
/// <param name="Mask">Stands for a token that the model has to guess.</param>
public sealed record SpecialTokens(int? Pad = null, int? Unknown = null, int? Start = null, int? End = null, int? Mask = null);
