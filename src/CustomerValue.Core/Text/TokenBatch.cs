namespace CustomerValue.Text;

/// <summary>Token ids of several texts, filled up to one length: plain arrays that any engine can read.</summary>
/// <param name="Rows">B: texts.</param>
/// <param name="Length">T: tokens of the longest text.</param>
/// <param name="Ids">[B x T], row by row; padding behind the text.</param>
/// <param name="Mask">[B x T]: 1 where a token is text, 0 where it is padding.</param>
public sealed record TokenBatch(int Rows, int Length, long[] Ids, long[] Mask)
{
    /// <summary>A batch of <paramref name="texts"/>, at least one token wide.</summary>
    /// <param name="texts">Ids of each text.</param>
    /// <param name="pad">Id that fills rows up.</param>
    public static TokenBatch Of(IReadOnlyList<int[]> texts, int pad)
    {
        var length = texts.Count == 0 ? 1 : Math.Max(1, texts.Max(t => t.Length));
        var (ids, mask) = (new long[texts.Count * length], new long[texts.Count * length]);
        Array.Fill(ids, pad);
        for (var row = 0; row < texts.Count; row++)
            for (var at = 0; at < texts[row].Length; at++)
                (ids[row * length + at], mask[row * length + at]) = (texts[row][at], 1);
        return new(texts.Count, length, ids, mask);
    }
}
