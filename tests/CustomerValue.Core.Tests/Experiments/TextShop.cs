using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;

namespace CustomerValue.Tests.Experiments;

/// <summary>Customers of a made-up shop who write: a column of silence that matters, and two text columns that matter as much as one likes.</summary>
/// <param name="mood">How much the mood in a customer's texts moves the logit of leaving.</param>
/// <param name="leaversFirst">Whether the customers who will leave stand first in the table: a label in the order of the rows.</param>
internal sealed class TextShop(double mood, bool leaversFirst = false) : IFeatureBuilder, IFeatureStore
{
    public const int Customers = 600;

    private static readonly FeatureInfo[] s_features =
    [
        new("frequency", "purchases", "Repeat purchases.", "purchase_history"), new("silence", "weeks", "Weeks since the last purchase.", "sample"),
        new("mood", "share", "Mood of the texts.", TextSets.Meaning), new("texts", "count", "Texts written.", TextSets.Writing),
    ];

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["shop"] = FormattableString.Invariant($"{mood} {leaversFirst}") };

    public IReadOnlyList<FeatureInfo> Catalogue => s_features;

    public string Fingerprint => new('f', 64);

    public IngestReport Report => new()
    {
        Dataset = "made up", DataFingerprint = Fingerprint, LoadId = "1", Warehouse = "", WarehouseFingerprint = Fingerprint, Files = [], RejectedByReason = [], Tables = [], Customers = Customers,
        Money = [], PseudonymKey = "none",
    };

    public IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation) => this;

    public FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default) => Table(cutoff).Features;

    public Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default) => Table(table.Cutoff).Labels with { HorizonDays = horizonDays };

    private LabelledTable Table(DateOnly cutoff)
    {
        var chance = SplitMix64.Stream(11, cutoff.DayNumber);
        var people = new List<(double[] Values, bool Churned, double Spend)>();
        for (var row = 0; row < Customers; row++)
        {
            var (silence, feeling) = (2 * chance.Unit() - 1, 2 * chance.Unit() - 1);
            var churned = chance.Unit() < LogisticCurve.Sigmoid(1.5 * silence - mood * feeling);
            people.Add(([row % 8 - 1, silence, feeling, Math.Floor(5 * chance.Unit())], churned, churned ? 0 : Math.Exp(3 + 0.3 * mood * feeling + chance.Unit())));
        }
        if (leaversFirst) people = [.. people.OrderByDescending(p => p.Churned)];
        return new(new(cutoff, [.. people.Select((_, row) => $"c{row:D4}")], s_features, [.. s_features.Select((_, c) => people.Select(p => p.Values[c]).ToArray())]),
            new(90, [.. people.Select(p => p.Spend)], [.. people.Select(p => p.Churned)], [.. people.Select(p => p.Churned ? 0 : 1)]));
    }

    /// <summary>Takes what columns there are: each weighs as it correlates with leaving, and one curve makes a probability of the sum.</summary>
    internal sealed class Correlates(string name = "correlates") : ICandidate
    {
        public string Name => name;
        public int Fits { get; private set; }
        public bool KnowsItsRow { get; init; }
        public string? Needs { get; init; }
        public bool NeedsMoods { get; init; }
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["knows_its_row"] = $"{KnowsItsRow}", ["needs"] = Needs ?? "nothing", ["needs_moods"] = $"{NeedsMoods}" };

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            Fits++;
            if (Needs is not null) _ = data.Current[Needs];
            var anybodyWrote = data.Current["mood"].Any(m => m != 0);
            if (NeedsMoods && !anybodyWrote) throw new InvalidOperationException("nobody is in any mood.");
            string[] columns = [.. data.Current.Features.Select(f => f.Name)];
            bool[] churned = [.. data.Cutoffs.SelectMany(c => c.Labels.Churned)];
            double[] left = [.. churned.Select(c => c ? 1.0 : 0)];
            // Text that is looked up by row number rather than taken from the table: shuffling its columns doesn't reach it.
            var byRow = KnowsItsRow && anybodyWrote;
            var weights = columns.ToDictionary(c => c, c => Correlation([.. data.Cutoffs.SelectMany(t => t.Features[c])], left));
            var fitted = new Fitted(columns, weights, byRow, new(0, 1), data.Cutoffs.SelectMany(c => c.Labels.Spend).Average());
            return fitted with { Curve = LogisticCurve.Fit([.. data.Cutoffs.SelectMany(t => fitted.Raw(t.Features))], churned) };
        }

        private static double Correlation(double[] x, double[] y)
        {
            var (mx, my) = (x.Average(), y.Average());
            var (xx, yy) = (x.Sum(v => (v - mx) * (v - mx)), y.Sum(v => (v - my) * (v - my)));
            return xx == 0 || yy == 0 ? 0 : x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / Math.Sqrt(xx * yy) / Math.Sqrt(xx / x.Length);
        }

        private sealed record Fitted(IReadOnlyList<string> Columns, Dictionary<string, double> Weights, bool ByRow, LogisticCurve Curve, double MeanSpend) : IFittedCandidate
        {
            public double[] Raw(FeatureTable table) =>
                [.. Enumerable.Range(0, table.Rows).Select(row => Columns.Sum(c => Weights[c] * table[c][row]) - (ByRow ? (double)row / table.Rows : 0))];

            public Scores Predict(FeatureTable customers)
            {
                double[] churn = [.. Raw(customers).Select(Curve.At)];
                return new([.. churn.Select(p => MeanSpend * (1 - p))], churn);
            }
        }
    }
}
