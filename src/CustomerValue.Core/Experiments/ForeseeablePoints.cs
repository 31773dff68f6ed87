using CustomerValue.Evaluation;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>What could be foreseen at best, as figures of a run: <c>foreseeable.SLICE.KNOWING.FIGURE</c>.</summary>
internal static class ForeseeablePoints
{
    public static IEnumerable<MetricPoint> Of(IReadOnlyList<ForeseeableRow> rows)
    {
        foreach (var row in rows)
        {
            yield return new($"foreseeable.{row.Slice}.found", row.Found);
            foreach (var (knowing, figures) in new[] { ("history", row.History), ("read", row.Read), ("everything", row.Everything) })
                foreach (var (name, figure) in new[] { ("auc", figures.Auc), ("gini", figures.Gini), ("log_loss", figures.LogLoss), ("error", figures.Error) })
                    if (figure is { } value) yield return new($"foreseeable.{row.Slice}.{knowing}.{name}", value);
        }
    }
}
