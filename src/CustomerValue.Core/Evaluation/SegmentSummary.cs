namespace CustomerValue.Evaluation;

/// <summary>A segment of customers, and what they are like on average.</summary>
/// <param name="Name">The segment.</param>
/// <param name="Customers">How many.</param>
/// <param name="Means">[columns]: mean of each column over them.</param>
public sealed record SegmentSummary(string Name, int Customers, IReadOnlyList<double> Means)
{
    /// <summary>The segments, the largest first; of equals in ordinal order of their names.</summary>
    /// <param name="segments">[rows]: each customer's segment.</param>
    /// <param name="columns">[columns][rows]</param>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public static IReadOnlyList<SegmentSummary> Of(IReadOnlyList<string> segments, params IReadOnlyList<double[]> columns)
    {
        foreach (var column in columns) Check.SameLength(segments.Count, column.Length, nameof(columns));
        return [.. Enumerable.Range(0, segments.Count).GroupBy(row => segments[row], StringComparer.Ordinal)
            .Select(rows => new SegmentSummary(rows.Key, rows.Count(), [.. columns.Select(column => rows.Average(row => column[row]))]))
            .OrderByDescending(s => s.Customers).ThenBy(s => s.Name, StringComparer.Ordinal)];
    }
}
