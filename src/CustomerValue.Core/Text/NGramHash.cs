namespace CustomerValue.Text;

/// <summary>Which row of a table a run of token ids is hashed to: the sum of each id times a factor of its place, modulo the rows. One rule for training and for service.</summary>
/// <remarks>Factors are primes below 2^31 and ids below 2^24, so that the sum of a run stays within 64 bits. A prime number of rows spreads runs best.</remarks>
public static class NGramHash
{
    /// <summary>Tokens of the longest run.</summary>
    public const int LongestRun = 4;

    private static readonly long[][] s_factors = [[1_000_000_007, 1_732_050_821], [1_414_213_573, 1_618_033_999, 2_145_390_517], [1_259_921_059, 1_442_695_049, 1_902_160_607, 2_038_074_743]];

    /// <summary>The factor of an id in a run.</summary>
    /// <param name="length">Tokens of the run, 2 to <see cref="LongestRun"/>.</param>
    /// <param name="back">How far before the run's end it stands, 0 for the end itself.</param>
    public static long Factor(int length, int back) => s_factors[length - 2][back];

    /// <summary>The row of the run that ends at a place; ids before the text count as 0.</summary>
    /// <param name="ids">A text's ids.</param>
    /// <param name="end">Where the run ends.</param>
    /// <param name="length">Tokens of the run.</param>
    /// <param name="rows">Rows of the table.</param>
    public static int Row(ReadOnlySpan<int> ids, int end, int length, int rows)
    {
        var sum = 0L;
        for (var back = 0; back < length && back <= end; back++) sum += ids[end - back] * Factor(length, back);
        return (int)(sum % rows);
    }
}
