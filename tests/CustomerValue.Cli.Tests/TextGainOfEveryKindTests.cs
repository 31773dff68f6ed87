using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Blends;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>Whatever kind of candidate wins, a run tells what texts bought it; and one that takes what columns there are answers from blank texts as it does without any.</summary>
public sealed class TextGainOfEveryKindTests
{
    private static readonly DateOnly s_first = new(2023, 1, 1), s_second = new(2023, 5, 1), s_now = new(2023, 9, 1);
    private static readonly LightGbmOptions s_trees = new() { MaxRounds = 40, MinRowsInLeaf = 10, Seeds = 2 };
    private static readonly ICandidate s_logistic = new LogisticChurn(new() { L2 = [10] }), s_churn = new LightGbmChurn(s_trees), s_value = new LightGbmValue(options: s_trees);
    private static readonly LatentWords s_words = new(components: 3, minimumRows: 5);

    // Those that take what columns there are.
    private static readonly Dictionary<string, ICandidate> s_open = new()
    {
        ["logistic"] = s_logistic,
        ["logistic that chooses its strength"] = new LogisticChurn(),
        ["trees at churn"] = s_churn,
        ["trees at value"] = s_value,
        ["trees in two stages"] = new LightGbmTwoStage(buys: s_trees, spends: s_trees),
        ["components of the vector"] = new WithReducedText(s_churn, components: 3),
        ["components of the vector, logistic"] = new WithReducedText(s_logistic, components: 3),
        ["directions of words"] = new WithLatentWords(s_logistic, s_words),
        ["a model of histories, shifted"] = new ShiftedLifetimeValue(options: new() { Ridge = [300] }),
        ["by history"] = new ByHistory(s_churn, s_logistic, column: "frequency"),
        ["churn blend"] = new LogitBlend([s_churn, s_logistic]),
        ["value blend"] = new GeometricBlend([s_value, new LightGbmTwoStage(buys: s_trees, spends: s_trees)]),
    };

    // Those that name columns or sets of texts, and could be fitted on nothing else.
    private static readonly Dictionary<string, ICandidate> s_naming = new()
    {
        ["logistic on a named column"] = new LogisticChurn(new() { L2 = [10], Columns = ["frequency", "anger"] }),
        ["logistic on texts alone"] = new LogisticChurn(new() { Columns = ["texts", "anger"] }),
        ["trees on a named column"] = new LightGbmChurn(s_trees with { Columns = ["frequency", "anger"] }),
        ["trees on texts alone"] = new LightGbmChurn(s_trees with { Columns = ["texts", "anger"] }),
        ["value by texts alone"] = new LightGbmValue(options: s_trees with { Columns = ["texts", "anger"] }),
        ["two stages on texts alone"] = new LightGbmTwoStage(buys: s_trees with { Columns = ["anger"] }, spends: s_trees with { Columns = ["anger"] }),
        ["sets of texts"] = OnColumns.Of(s_churn, [TextSets.Writing, TextSets.Meaning], "texts"),
        ["a model of histories, shifted by a named column"] = new ShiftedLifetimeValue(options: new() { Columns = ["anger"], Ridge = [300] }),
        ["by history, on a named column"] = new ByHistory(s_churn, new LogisticChurn(new() { L2 = [10], Columns = ["anger"] }), column: "frequency"),
        ["a blend with one that names a column"] = new LogitBlend([s_churn, new LogisticChurn(new() { L2 = [10], Columns = ["anger"] }, "named")]),
    };

    public static TheoryData<string> Open => [.. s_open.Keys];

    public static TheoryData<string> All => [.. s_open.Keys, .. s_naming.Keys];

    [Theory, MemberData(nameof(All))]
    public void A_run_tells_what_texts_bought(string kind)
    {
        using var folder = new TemporaryFolder();
        var result = new ExperimentRunner(
            new("kinds")
            {
                Question = "What do texts buy?", Data = _ => Dataset.Open(Path.Combine(RealData.Root, "data-samples", "shop")), Pseudonyms = Pseudonyms.Published, Features = new Writers(),
                Split = new([s_first, s_second], TestCutoff: s_now, SampleCustomers.HorizonDays), Candidates = [s_open.GetValueOrDefault(kind) ?? s_naming[kind]], Seed = 7,
            },
            new() { DataFolder = folder.Path, OutputFolder = folder.Path, Time = new FixedClock(), Tracker = new RecordedRuns() }).Run(CancellationToken.None);
        var all = result.TextGain!.Where(g => g.Slice == "all").ToList();
        Assert.Equal(result.Winners.Churn is null ? 0 : 2, all.Count(g => g.Metric is "auc" or "log_loss"));
        Assert.Equal(result.Winners.Value is null ? 0 : 1, all.Count(g => g.Metric is "gini"));
        Assert.All(all, g => Assert.True(double.IsFinite(g.Without) && double.IsFinite(g.Difference) && double.IsFinite(g.Shuffled)));
        Assert.Null(result.ByOrders);                                                           // everybody has ordered
        if (kind.EndsWith("texts alone", StringComparison.Ordinal) && result.Winners.Churn is not null) Assert.Equal(0.5, all.Single(g => g.Metric == "auc").Without, 1e-9);      // knows nothing
    }

    [Theory, MemberData(nameof(Open))]
    public void Texts_that_tell_nothing_are_as_good_as_no_columns(string kind)
    {
        Scores Answers(Func<FeatureTable, FeatureTable> change)
        {
            var data = new TrainingData([.. new[] { s_first, s_second }.Select(Writers.Table).Select(t => t with { Features = change(t.Features) })], change(Writers.Table(s_now).Features), SampleCustomers.HorizonDays);
            return s_open[kind].Fit(data, new(Seed: 7)).Predict(data.Current);
        }
        var (blank, none) = (Answers(TextTables.Blank), Answers(table => table.Select([.. table.Features.Where(f => !TextSets.Has(f)).Select(f => f.Name)])));
        foreach (var (of, without) in new[] { (blank.Churn, none.Churn), (blank.Spend, none.Spend) })
        {
            Assert.Equal(without is null, of is null);
            for (var row = 0; row < of?.Length; row++) Assert.Equal(without![row], of[row], 1e-9 * Math.Max(1, Math.Abs(without[row])));
        }
        Assert.NotEqual(blank.Churn ?? blank.Spend, Answers(table => table) is var own ? own.Churn ?? own.Spend : null);
    }

    private sealed class Writers : IFeatureBuilder, IFeatureStore
    {
        private static readonly FeatureInfo[] s_history = [.. new[] { "recency_weeks", "mean_repeat_spend", "mean_spend" }.Select(name => new FeatureInfo(name, "", "As histories have it.", "purchase_history"))];

        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

        public IReadOnlyList<FeatureInfo> Catalogue => Table(s_now).Features.Features;

        public string Fingerprint => new('f', 64);

        public IngestReport Report => new()
        {
            Dataset = "made up", DataFingerprint = Fingerprint, LoadId = "1", Warehouse = "", WarehouseFingerprint = Fingerprint, Files = [], RejectedByReason = [], Tables = [], Customers = 300,
            Money = [], PseudonymKey = "none",
        };

        public IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation) => this;

        public FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default) => Table(cutoff).Features;

        public Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default) => Table(table.Cutoff).Labels;

        public static LabelledTable Table(DateOnly cutoff)
        {
            var drawn = SampleWriters.Labelled(300, cutoff, new Random(cutoff.DayNumber));
            var (repeats, silence, spend) = (drawn.Features["frequency"], drawn.Features["days_since_last_purchase"], drawn.Features["net_spend"]);
            double[] recency = [.. repeats.Zip(silence, (x, days) => x == 0 ? 0 : Math.Max(1, 43 - days / 7))], mean = [.. repeats.Zip(spend, (x, sum) => x == 0 ? 20 : sum / x)];
            return drawn with { Features = drawn.Features.With(s_history, [recency, [.. repeats.Zip(mean, (x, each) => x == 0 ? 0 : each)], mean]) };
        }
    }
}
