using CustomerValue.Features;

namespace CustomerValue.Evaluation;

/// <summary>Figures of the best that could be foreseen, on the customers whom the truth knows.</summary>
internal static class BestFigure
{
    /// <summary>The figure of one state of knowledge; null where it isn't defined.</summary>
    public static double? Of(BestScores scores, Foreseeable best, CustomerSlice slice, Metric metric, Labels labels)
    {
        var rows = Known(best, slice);
        if (rows.Count == 0) return null;
        var told = metric.Target == Target.Value ? scores.Spend : scores.Churn;
        var figure = metric.Of(Scoreboard.Actual(labels.At(rows), metric.Target), [.. rows.Select(row => told[row])]);
        return double.IsFinite(figure) ? figure : null;
    }

    /// <summary>The rows of a slice of which all is known.</summary>
    public static IReadOnlyList<int> Known(Foreseeable best, CustomerSlice slice) =>
        [.. slice.Rows.Where(row => ((BestScores[])[best.History, best.Read, best.Everything]).All(s => double.IsFinite(s.Churn[row]) && double.IsFinite(s.Spend[row])))];
}
