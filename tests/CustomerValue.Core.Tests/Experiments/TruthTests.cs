using System.Text.Json;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Experiments;

public sealed class TruthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedRuns _runs = new();

    public void Dispose() => _folder.Dispose();

    private static readonly TextShop s_shop = new(mood: 2);

    private ExperimentResult Run(Func<FeatureTable, int, Foreseeable?>? truth, params ICandidate[] candidates) => new ExperimentRunner(new("texts")
    {
        Question = "What do texts buy?", Data = _ => Dataset.Open(Path.Combine(RealData.Root, "data-samples", "shop")), Pseudonyms = Pseudonyms.Published, Features = s_shop,
        Split = new([new(2023, 10, 1)], TestCutoff: new(2024, 1, 1), HorizonDays: 90), Candidates = candidates.Length > 0 ? candidates : [new TextShop.Correlates()], Seed = 7,
    }, new()
    {
        DataFolder = _folder.Path, OutputFolder = Directory.CreateDirectory(_folder.In("out")).FullName, Time = new FixedClock(), Tracker = _runs, Truth = truth, TruthName = truth is null ? null : "artifacts/truth",
    }).Run(CancellationToken.None);

    // The process that the shop's customers come of, told without and with the mood; one customer in so many isn't known.
    private static Foreseeable Known(FeatureTable table, int every = 0)
    {
        var (silence, mood) = (table["silence"], table["mood"]);
        BestScores Of(Func<int, double> logit)
        {
            double[] churn = [.. Enumerable.Range(0, table.Rows).Select(row => every > 0 && row % every == 0 ? double.NaN : LogisticCurve.Sigmoid(logit(row)))];
            return new(churn, [.. churn.Select(p => 40 * (1 - p))]) { ChurnError = [.. churn.Select(_ => 0.01)] };
        }
        return new(Of(row => 1.2 * silence[row]), Of(row => 1.5 * silence[row] - 2 * mood[row]), Of(row => 1.5 * silence[row] - 2 * mood[row]));
    }

    [Fact]
    public void What_texts_could_give_at_best_stands_beside_what_they_gave()
    {
        (DateOnly, int)? asked = null;
        var result = Run((table, days) => { asked = (table.Cutoff, days); return Known(table); });
        Assert.Equal((new DateOnly(2024, 1, 1), 90), asked);
        var all = result.Foreseeable!.Single(f => f.Slice == "all");
        foreach (var gain in result.TextGain!.Where(g => g.Slice == "all"))
        {
            double? Of(ForeseeableFigures f) => gain.Metric switch { "auc" => f.Auc, "gini" => f.Gini, _ => f.LogLoss };
            Assert.Equal(Of(all.Read) - Of(all.History), gain.Oracle);
            Assert.InRange(gain.Recovered!.Value, 0.7, 1.1);                                           // the candidate sees the mood itself
        }
        Assert.Equal((600, 1, 0.01), (all.Rows, all.Found, Math.Round(all.Read.Error!.Value, 12)));
        Assert.Equal(["all", "no_order", "first_order", "orders_2_4", "orders_5_plus"], result.Foreseeable!.Select(f => f.Slice));
    }

    [Fact]
    public void Truth_is_asked_once_when_every_fit_is_done()
    {
        var candidate = new TextShop.Correlates();
        List<int> fits = [];
        Run((table, _) => { fits.Add(candidate.Fits); return Known(table); }, candidate);
        Assert.Equal([candidate.Fits], fits);
    }

    [Fact]
    public void Customers_whom_the_truth_doesnt_know_count_on_neither_side_of_the_best()
    {
        var result = Run((table, _) => Known(table, every: 3));
        var test = new LabelledTable(s_shop.At(new(2024, 1, 1)), s_shop.LabelsFor(s_shop.At(new(2024, 1, 1)), 90));
        int[] rows = [.. Enumerable.Range(0, TextShop.Customers).Where(row => row % 3 != 0)];
        var (known, labels) = (Known(test.Features), test.Labels.At(rows));
        double Auc(BestScores scores) => Metric.RocAuc.Of(Scoreboard.Actual(labels, Target.Churn), [.. rows.Select(row => scores.Churn[row])]);
        var all = result.Foreseeable!.Single(f => f.Slice == "all");
        Assert.Equal(2 / 3.0, all.Found, 12);
        Assert.Equal(Auc(known.Read) - Auc(known.History), result.TextGain!.Single(g => g is { Slice: "all", Metric: "auc" }).Oracle!.Value, 12);
        Assert.Equal(Auc(known.Everything), all.Everything.Auc!.Value, 12);
    }

    [Fact]
    public void The_best_is_written_logged_and_repeated_like_any_figure()
    {
        var result = Run((table, _) => Known(table));
        using var document = JsonDocument.Parse(File.ReadAllBytes(_folder.In("out", "result.json")));
        var first = document.RootElement.GetProperty("foreseeable")[0];
        Assert.Equal(["slice", "rows", "found", "history", "read", "everything"], first.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["auc", "gini", "log_loss", "error"], first.GetProperty("read").EnumerateObject().Select(p => p.Name));
        Assert.Equal("artifacts/truth", _runs.All[0].Start.Tags["truth"]);                             // whoever repeats the run gives it again
        var points = _runs.All[0].Points.ToDictionary(p => p.Name, p => p.Value);
        Assert.Equal(result.Foreseeable![0].Read.Auc, points["foreseeable.all.read.auc"]);
        Assert.Equal(result.TextGain![0].Oracle, points["text_gain.all.auc.oracle"]);

        RepeatableRun logged = new(RunResultFile.Read(File.ReadAllBytes(_folder.In("out", "result.json"))), RunEnvironment.Current, new Dictionary<string, string>());
        var again = logged with { Result = result with { Foreseeable = [result.Foreseeable![0] with { Found = 0.5 }, .. result.Foreseeable!.Skip(1)] } };
        Assert.Equal(["foreseeable.all.found"], Reproduction.Of(logged, again).Points.Where(p => p.Agreement == Agreement.Differs).Select(p => p.Name));
    }

    [Fact]
    public void Nothing_known_tells_nothing_and_a_truth_of_other_rows_is_refused()
    {
        var result = Run((_, _) => null);
        Assert.Null(result.Foreseeable);
        Assert.All(result.TextGain!, g => Assert.Null(g.Oracle));
        Assert.Contains("has 599 rows where 600 are expected", Assert.Throws<ArgumentException>(() => Run((table, _) => Known(table.At([.. Enumerable.Range(0, 599)])))).Message, StringComparison.Ordinal);
    }
}
