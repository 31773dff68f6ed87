using System.Text.Json;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Ingestion;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Experiments;

public sealed class TextGainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedRuns _runs = new();

    public void Dispose() => _folder.Dispose();

    private static Experiment Sample(TextShop shop, params ICandidate[] candidates) => new("texts")
    {
        Question = "What do texts buy?", Data = _ => Dataset.Open(Path.Combine(RealData.Root, "data-samples", "shop")), Pseudonyms = Pseudonyms.Published, Features = shop,
        Split = new([new(2023, 7, 1), new(2023, 10, 1)], TestCutoff: new(2024, 1, 1), HorizonDays: 90),
        Candidates = candidates.Length > 0 ? candidates : [new TextShop.Correlates()], Seed = 7,
    };

    private ExperimentResult Run(Experiment experiment, string output = "out", bool fresh = false) => new ExperimentRunner(experiment, new()
    {
        DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In(output)).FullName, Fresh = fresh, Time = new FixedClock(), Tracker = _runs,
    }).Run(CancellationToken.None);

    private static TextGainRow Of(ExperimentResult result, string slice, string metric) => result.TextGain!.Single(g => g.Slice == slice && g.Metric == metric);

    [Fact]
    public void Texts_that_tell_something_gain_and_those_of_others_dont()
    {
        var result = Run(Sample(new TextShop(mood: 2)));
        foreach (var metric in new[] { "auc", "gini", "log_loss" })
        {
            var gain = Of(result, "all", metric);
            Assert.True(gain.IsGain, metric);
            Assert.InRange(gain.Difference, gain.Low, gain.High);
            Assert.Equal(gain.With - gain.Without, gain.Difference);
            Assert.Equal(result.Candidates.Single().Metrics[metric], gain.With);                      // the candidate as the experiment has it
            Assert.True(Math.Abs(gain.Shuffled) < Math.Abs(gain.Difference) / 5, metric);
            Assert.False(gain.IsLeak, metric);
            Assert.Null(gain.Oracle);
        }
        Assert.True(Of(result, "all", "auc").Difference > 0 && Of(result, "all", "log_loss").Difference < 0);     // with less without, whichever is better
        Assert.Null(result.Warnings);
    }

    [Fact]
    public void Of_texts_that_tell_nothing_no_gain_is_claimed()
    {
        var result = Run(Sample(new TextShop(mood: 0)));
        var all = result.TextGain!.Where(g => g.Slice == "all").ToList();
        Assert.Equal(3, all.Count);
        Assert.All(all, g => Assert.False(g.IsGain, g.Metric));
        Assert.InRange(result.TextGain!.Count(g => g.IsGain), 0, 2);                                   // of 12 intervals of slices: figures of one slice go together
        Assert.Null(result.Warnings);
    }

    [Fact]
    public void A_label_in_the_order_of_the_rows_is_warned_of()
    {
        var result = Run(Sample(new TextShop(mood: 0, leaversFirst: true), new TextShop.Correlates { KnowsItsRow = true }));
        Assert.True(Of(result, "all", "auc").IsGain);                                                  // it looks like a gain
        Assert.True(Of(result, "all", "auc").IsLeak);
        Assert.Contains(result.Warnings!, w => w.StartsWith("Texts of other customers help: AUC of correlates, all customers, differs by +", StringComparison.Ordinal));
        Assert.Contains("Texts of other customers help", _runs.All[0].LaterTags["warnings"], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_slice_is_judged_by_itself()
    {
        var result = Run(Sample(new TextShop(mood: 2)));
        Assert.Equal(["all", "no_order", "first_order", "orders_2_4", "orders_5_plus"], result.TextGain!.Select(g => g.Slice).Distinct());
        Assert.Equal([600, 75, 75, 225, 225], result.TextGain!.Where(g => g.Metric == "auc").Select(g => g.Rows));
        Assert.Equal(["auc", "gini", "log_loss"], result.TextGain!.Where(g => g.Slice == "first_order").Select(g => g.Metric));
        Assert.NotEqual(Of(result, "all", "auc").Difference, Of(result, "first_order", "auc").Difference);
    }

    [Fact]
    public void Where_some_have_no_order_yet_every_candidate_is_told_of_by_orders_so_far()
    {
        var (own, mean) = (new TextShop.Correlates(), new MeanCustomer());
        var result = Run(Sample(new TextShop(mood: 2), own, mean));
        Assert.Equal([("no_order", 75), ("first_order", 75), ("orders_2_4", 225), ("orders_5_plus", 225)], result.ByOrders!.Select(s => (s.Slice, s.Rows)));
        var slice = result.ByOrders![0];
        Assert.Equal(["correlates", "mean"], slice.Candidates.Select(c => c.Name));
        Assert.Equal(["auc", "gini", "log_loss"], slice.Candidates[0].Metrics.Keys);
        foreach (var metric in slice.Candidates[0].Metrics) Assert.Equal(Of(result, "no_order", metric.Key).With, metric.Value);
        var against = slice.Comparisons.Single(c => c.Metric == "auc");
        Assert.Equal(("correlates", "mean", slice.Candidates[0].Metrics["auc"] - slice.Candidates[1].Metrics["auc"]), (against.A, against.B, against.Difference));
        Assert.True(against.Low > 0);                                                                  // mood and silence tell of them too

        var read = (ExperimentResult)RunResultFile.Read(File.ReadAllBytes(_folder.In("out", "result.json")));
        RepeatableRun logged = new(result, RunEnvironment.Current, new Dictionary<string, string>());
        Assert.True(Reproduction.Of(logged, logged with { Result = read }).Holds);
        Assert.Contains("mean, orders_2_4, auc",
            Reproduction.Of(logged, logged with { Result = read with { ByOrders = [.. read.ByOrders!.Where(s => s.Slice != "orders_2_4")] } }).Points.Where(p => p.Agreement != Agreement.Same).Select(p => p.Name));
    }

    [Fact]
    public void A_slice_that_only_stays_or_only_leaves_isnt_told_of()
    {
        var shop = new TextShop(mood: 1);
        var table = shop.At(new(2024, 1, 1));
        var labels = shop.LabelsFor(table, 90);
        var (churned, frequency) = (labels.Churned.ToArray(), table["frequency"]);
        for (var row = 0; row < table.Rows; row++) churned[row] = frequency[row] < 0 || (frequency[row] != 0 && churned[row]);
        double[] told = [.. table["silence"].Select(s => 1 / (2 + s))];
        var gains = TextGain.Of(new(table, labels with { Churned = churned }), [new("c", new(told, told), new(told, told), new(told, told), [Target.Churn, Target.Value])], seed: 1);
        Assert.Equal(["all", "orders_2_4", "orders_5_plus"], gains.Select(g => g.Slice).Distinct());
        Assert.All(gains, g => Assert.Equal((0, 0, 0), (g.Difference, g.Low, g.ShuffledHigh)));        // the same answers are no gain and no harm
        Assert.All(gains, g => Assert.False(g.IsGain || g.IsHarm || g.IsLeak));
    }

    [Fact]
    public void Winners_are_asked_about_what_they_won()
    {
        var (own, other) = (new TextShop.Correlates(), new TextShop.Correlates("needless") { KnowsItsRow = true });
        var won = Run(Sample(new TextShop(2), own, other, new MeanCustomer()));
        Assert.Equal(["correlates"], won.TextGain!.Select(g => g.Candidate).Distinct());
        Assert.Equal(["auc", "gini", "log_loss"], won.TextGain!.Where(g => g.Slice == "all").Select(g => g.Metric));
    }

    [Fact]
    public void The_run_has_the_figures_and_says_how_texts_were_shuffled()
    {
        var result = Run(Sample(new TextShop(mood: 2)));
        var run = _runs.All[0];
        var gain = Of(result, "orders_2_4", "log_loss");
        Assert.Equal([("difference", gain.Difference), ("low", gain.Low), ("high", gain.High), ("shuffled", gain.Shuffled)],
            run.Points.Where(p => p.Name.StartsWith("text_gain.orders_2_4.log_loss.", StringComparison.Ordinal)).Select(p => (p.Name.Split('.')[^1], p.Value)));
        Assert.Contains("seed 7, stream: day number of the cutoff", run.Settings["text_gain.shuffle"], StringComparison.Ordinal);
        Assert.StartsWith("text columns 0 for everybody", run.Settings["text_gain.without"], StringComparison.Ordinal);
        Assert.DoesNotContain("warnings", run.LaterTags.Keys);
    }

    [Fact]
    public void The_result_is_written_as_documented()
    {
        Run(Sample(new TextShop(mood: 2)));
        using var document = JsonDocument.Parse(File.ReadAllBytes(_folder.In("out", "result.json")));
        var first = document.RootElement.GetProperty("text_gain")[0];
        Assert.Equal(["slice", "metric", "without", "with", "difference", "low", "high", "shuffled", "shuffled_low", "shuffled_high", "oracle", "candidate", "rows"],
            first.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("all", "auc", JsonValueKind.Null), (first.GetProperty("slice").GetString(), first.GetProperty("metric").GetString(), first.GetProperty("oracle").ValueKind));
        Assert.False(document.RootElement.TryGetProperty("warnings", out _));
    }

    [Fact]
    public void A_repetition_gives_the_same_bytes_and_compares_every_gain()
    {
        static string Bytes(ExperimentResult result) => JsonSerializer.Serialize(result.TextGain, ExperimentResult.Json);
        var candidate = new TextShop.Correlates();
        var first = Run(Sample(new TextShop(mood: 1), candidate));
        var fits = candidate.Fits;
        var again = Run(Sample(new TextShop(mood: 1), candidate));
        Assert.Equal(fits, candidate.Fits);                                                            // every fit was kept
        Assert.Equal(["fit correlates without text", "fit correlates with text shuffled"], again.Stages.Where(s => s.Reused && s.Name.Contains("text", StringComparison.Ordinal)).Select(s => s.Name));
        var elsewhere = Run(Sample(new TextShop(mood: 1), candidate), "elsewhere", fresh: true);
        Assert.Equal([Bytes(first), Bytes(first)], [Bytes(again), Bytes(elsewhere)]);

        var read = (ExperimentResult)RunResultFile.Read(File.ReadAllBytes(_folder.In("elsewhere", "result.json")));
        RepeatableRun logged = new(first, RunEnvironment.Current, new Dictionary<string, string>()), repeated = logged with { Result = read };
        Assert.True(Reproduction.Of(logged, repeated).Holds);
        ExperimentResult changed = read with { TextGain = [read.TextGain![0] with { ShuffledLow = Math.BitIncrement(read.TextGain[0].ShuffledLow) }, .. read.TextGain.Skip(2)] };
        Assert.Equal(["text gain of correlates, all, auc", "text gain of correlates, all, gini"],
            Reproduction.Of(logged, repeated with { Result = changed }).Points.Where(p => p.Agreement != Agreement.Same && p.Name != "commit").Select(p => p.Name));
    }

    [Fact]
    public void A_winner_that_names_a_text_column_is_told_of_like_any_other()
    {
        var named = Run(Sample(new TextShop(2), new TextShop.Correlates("by-name") { Needs = "mood" }));
        var any = Run(Sample(new TextShop(2)), "any");
        Assert.Equal(any.TextGain!.Select(g => g with { Candidate = "by-name" }), named.TextGain!);
    }

    [Fact]
    public void One_who_cant_learn_from_texts_that_tell_nothing_is_told_by_name()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Run(Sample(new TextShop(2), new TextShop.Correlates("only-moods") { NeedsMoods = true })));
        Assert.StartsWith("'only-moods' answers from tables with text columns, and not from the same tables without text: nobody is in any mood", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("0 for everybody, and from those of other customers.", error.Message, StringComparison.Ordinal);
    }
}
