using System.Globalization;
using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Charts;

/// <summary>Do customers as a whole order as a purchase model expects, before the cutoff and after it?</summary>
public static class TrackingChart
{
    /// <summary>Repeat orders of all customers together, week by week, as they came and as they were expected.</summary>
    /// <param name="purchases">Order lines in any order; returns are no orders.</param>
    /// <param name="model">Fitted on the histories at the cutoff.</param>
    /// <param name="split">Cutoff and horizon.</param>
    /// <param name="name">What the model is called.</param>
    public static Chart Of(IEnumerable<Purchase> purchases, IPurchaseModel model, CalibrationSplit split, string name = CandidateLines.Unnamed)
    {
        var curve = TrackingCurve.Of(purchases, model, split);
        var (weeks, start) = (curve.Weeks, curve.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var high = Axis.From0($"Repeat orders so far", weeks.SelectMany(w => (double[])[w.Actual, w.Expected]));
        var seen = weeks.LastOrDefault(w => w.Week <= curve.CutoffWeek);
        var last = weeks.LastOrDefault();
        var who = CandidateLines.Called(name);
        return new(new Axis($"Weeks since {start}, the day of the first order of all", 0, Math.Max(1, weeks.Count)), high)
        {
            Name = "tracking",
            Words = new()
            {
                Title = $"Do customers order as expected?",
                Subtitle = $"Orders after a customer's first, of all who came before {split.Cutoff.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, added up; {who} knows what is left of the upright line",
                Reading = $"At the end {FigureText.Count(last.Actual)} repeat orders had come where {who} expected {FigureText.Number(last.Expected)}, after the cutoff {FigureText.Count(last.Actual - seen.Actual)} where it expected {FigureText.Number(last.Expected - seen.Expected)}.",
                Description = $"{Phrase.Join("; ", weeks.Where(w => w.Week % 13 == 0).Select(Words))}.",
            },
            Series =
            [
                new($"cutoff", Role.Chance, [new(curve.CutoffWeek, 0, $"cutoff"), new(curve.CutoffWeek, high.High, $"cutoff")]) { Joined = true, Legend = $"cutoff" },
                new($"actual", Role.Observed, [new(0, 0), .. weeks.Select(w => new ChartPoint(w.Week, w.Actual, Words(w)))]) { Joined = true, Legend = $"as they came" },
                new($"expected", Role.Winner, [new(0, 0), .. weeks.Select(w => new ChartPoint(w.Week, w.Expected, Words(w)))]) { Joined = true, Legend = $"expected by {who}" },
            ],
            Absence = weeks.Count == 0 ? Phrase.Of($"Nobody ordered before the cutoff, or the horizon ends within a week.") : null,
        };

        static Phrase Words(TrackedWeek w) => $"week {w.Week}: {FigureText.Count(w.Actual)} repeat orders, {FigureText.Number(w.Expected)} expected";
    }
}
