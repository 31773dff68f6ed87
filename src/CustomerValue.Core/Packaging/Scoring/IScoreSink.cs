namespace CustomerValue.Packaging.Scoring;

/// <summary>Takes scores, block by block and in order.</summary>
public interface IScoreSink : IDisposable
{
    /// <summary>Turns a block into what <see cref="Write"/> takes; called by several threads.</summary>
    ReadOnlyMemory<byte> Render(ScoredBlock block);

    /// <summary>Takes a block, in order.</summary>
    void Write(ScoredBlock block, ReadOnlyMemory<byte> rendered);

    /// <summary>Everything was written; only now does a file appear under its name. Disposed without it, nothing is left.</summary>
    void Complete();
}

/// <summary>Scored customers.</summary>
/// <param name="Ids">[rows]</param>
/// <param name="Scores">Row for row.</param>
/// <param name="Reasons">How many reasons to tell for each answer.</param>
public sealed record ScoredBlock(string[] Ids, PackageScores Scores, int Reasons)
{
    /// <summary>The numbers, by column name, in order.</summary>
    internal IEnumerable<(string Name, double[] Values)> Numbers()
    {
        if (Scores.Value is { } value) yield return (ModelSignature.Value, value);
        if (Scores.ValueLow is { } low) yield return (ModelSignature.ValueLow, low);
        if (Scores.ValueHigh is { } high) yield return (ModelSignature.ValueHigh, high);
        if (Scores.Churn is { } churn) yield return (ModelSignature.Churn, churn);
    }

    /// <summary>The reasons, by column name.</summary>
    internal IEnumerable<(string Name, Models.Contributions Why)> Why()
    {
        if (Scores.ValueReasons is { } value) yield return ("value_reasons", value);
        if (Scores.ChurnReasons is { } churn) yield return ("churn_reasons", churn);
    }

    /// <summary>Reasons in one line: <c>days_since_last_purchase +0.52; frequency -0.31</c>.</summary>
    internal string Line(Models.Contributions why, int row) => string.Join("; ", why.Top(row, Reasons).Select(r => FormattableString.Invariant($"{r.Column} {r.Contribution:+0.####;-0.####}")));
}
