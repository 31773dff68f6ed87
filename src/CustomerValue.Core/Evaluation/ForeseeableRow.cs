using CustomerValue.Features;

namespace CustomerValue.Evaluation;

/// <summary>How good the best predictions are that could be made of one group of test customers, where the truth of the shop is known.</summary>
/// <param name="Slice">The customers, one of the keys of <see cref="OrderSlices"/>.</param>
/// <param name="Rows">Customers in the slice.</param>
/// <param name="Found">Share of them whom the truth knows; the figures are on these alone.</param>
/// <param name="History">Knowing purchases, browsing and campaigns.</param>
/// <param name="Read">Knowing in addition what each text was written from.</param>
/// <param name="Everything">Knowing all but chance to come.</param>
public sealed record ForeseeableRow(string Slice, int Rows, double Found, ForeseeableFigures History, ForeseeableFigures Read, ForeseeableFigures Everything)
{
    /// <summary>The figures by slice; slices in which all customers left, or none, aren't told of.</summary>
    /// <param name="test">The customers, with what they did.</param>
    /// <param name="best">What could be foreseen of them at best, row for row.</param>
    /// <exception cref="ArgumentException">The truth has another number of rows.</exception>
    public static IReadOnlyList<ForeseeableRow> Of(LabelledTable test, Foreseeable best)
    {
        foreach (var scores in new[] { best.History, best.Read, best.Everything })
        {
            Check.SameLength(test.Features.Rows, scores.Churn.Length, nameof(best));
            Check.SameLength(test.Features.Rows, scores.Spend.Length, nameof(best));
        }
        return
        [
            .. TextGain.Told(test).Select(slice => new ForeseeableRow(slice.Key, slice.Rows.Count, (double)BestFigure.Known(best, slice).Count / slice.Rows.Count,
                Figures(best.History, best, slice, test.Labels), Figures(best.Read, best, slice, test.Labels), Figures(best.Everything, best, slice, test.Labels))),
        ];
    }

    private static ForeseeableFigures Figures(BestScores scores, Foreseeable best, CustomerSlice slice, Labels labels)
    {
        var known = BestFigure.Known(best, slice);
        return new(Figure(Metric.RocAuc), Figure(Metric.NormalizedGini), Figure(Metric.LogLoss),
            scores.ChurnError is { } errors && known.Count > 0 ? Math.Sqrt(known.Average(row => errors[row] * errors[row])) : null);

        double? Figure(Metric metric) => BestFigure.Of(scores, best, slice, metric, labels);
    }
}

/// <summary>Figures of the best predictions from one state of knowledge; null where they aren't defined.</summary>
/// <param name="Auc">Area under the ROC curve, of churn.</param>
/// <param name="Gini">Normalised Gini of spend.</param>
/// <param name="LogLoss">Of churn, in nats.</param>
/// <param name="Error">Root of the mean squared Monte Carlo error of a customer's probability, where the truth tells it; it makes all figures a little worse than they could be.</param>
public sealed record ForeseeableFigures(double? Auc, double? Gini, double? LogLoss, double? Error);
