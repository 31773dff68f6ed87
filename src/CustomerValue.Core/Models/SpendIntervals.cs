namespace CustomerValue.Models;

/// <summary>Intervals of many customers, one array an end; what they mean stands at <see cref="SpendInterval"/>.</summary>
/// <param name="Low">[rows]: lower ends, in account currency.</param>
/// <param name="High">[rows]: upper ends, in account currency.</param>
/// <param name="Level">The level of all.</param>
public sealed record SpendIntervals(double[] Low, double[] High, double Level)
{
    /// <summary>Number of customers.</summary>
    public int Count => Low.Length;

    /// <summary>One customer's interval.</summary>
    public SpendInterval this[int row] => new(Low[row], High[row], Level);
}
