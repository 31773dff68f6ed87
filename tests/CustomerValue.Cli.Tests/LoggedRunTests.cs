using CustomerValue.DuckDb;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.MLNet;
using CustomerValue.Mlflow;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>One small run on the sample shop, logged once for all tests.</summary>
public sealed class LoggedShop : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LoggedShop()
    {
        var store = MlflowSqliteStore.OpenOrCreate(Places.StoreFile, TimeProvider.System);
        Result = new ExperimentRunner(new("logged-shop")
        {
            Question = "Can a run be opened again?",
            Data = folder => Dataset.Open(Path.Combine(folder, "shop")),
            Pseudonyms = Pseudonyms.Published,
            Features = new FeatureQuery("purchase_history", "rfm", TextSets.Writing),
            Split = new([new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),
            Candidates = [new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true)), new LogisticChurn(new() { L2 = [10] })],
            Seed = 7,
        }, new()
        {
            DataFolder = Path.Combine(RealData.Root, "data-samples"), OutputFolder = Output("logged-shop"), Commit = "test", Codecs = PackageCodecs.All, Time = TimeProvider.System, Tracker = store, Registry = store,
        }).Run(CancellationToken.None);
    }

    internal ExperimentResult Result { get; }

    internal MlflowTracking Places => new(_folder.In("mlflow.db"), Server: null);

    internal string Output(string experiment) => _folder.In("experiments", experiment);

    internal LoggedRun Open(string run) => LoggedRun.Open(run, Places, Output);

    public void Dispose() => _folder.Dispose();
}

public sealed class LoggedRunTests(LoggedShop shop) : IClassFixture<LoggedShop>
{
    [Fact]
    public void A_run_is_found_by_its_experiment_its_id_and_the_ids_first_digits()
    {
        var id = shop.Result.RunId;
        Assert.All(new[] { "logged-shop", id, id[..8] }, run => Assert.Equal(id, shop.Open(run).Id));
        Assert.Equal((shop.Result.DataFingerprint, new DateOnly(2024, 7, 1)), (shop.Open(id).Result.DataFingerprint, shop.Open(id).Cutoff));
    }

    [Fact]
    public void Customers_labels_and_answers_are_those_of_the_run_row_for_row()
    {
        var run = shop.Open("logged-shop");
        Assert.Equal(run.Labels.Churned, run.Customers.Labels.Churned);
        Assert.Equal(run.Labels.Spend, run.Customers.Labels.Spend);
        Assert.Equal(180, run.Labels.HorizonDays);
        Assert.Equal(PredictionFile.Customers(Path.Combine(shop.Output("logged-shop"), PredictionFile.Name)), run.Customers.Features.CustomerIds);
        var winner = shop.Result.Candidates.Single(c => c.Name == shop.Result.Winners.Churn);
        Assert.Equal(winner.Metrics["auc"], Metric.RocAuc.Of(Scoreboard.Actual(run.Labels, Target.Churn), run.Foreseen.Churn!), 12);
    }

    [Fact]
    public void The_package_answers_as_the_run_did_and_tells_why()
    {
        var run = shop.Open("logged-shop");
        var (columns, reasons) = run.Reasons(Answer.Churn);
        Assert.Equal(run.Customers.Features.CustomerIds, columns.CustomerIds);
        Assert.Equal(run.Foreseen.Churn!, run.Package.Score(columns).Churn!, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.NotEmpty(reasons.Columns);
    }

    [Fact]
    public void Texts_that_moved_an_answer_are_the_customers_own_from_before_the_cutoff()
    {
        var run = shop.Open("logged-shop");
        var written = run.Texts;
        Assert.All(written, text => Assert.True(text.At < run.Cutoff.ToDateTime(TimeOnly.MinValue)));
        var writer = written.GroupBy(t => t.CustomerId).MaxBy(g => g.Count())!.Key;
        var moved = run.WhichTexts([writer], strongest: 2)!.Of(writer, Answer.Churn);
        Assert.Equal("logistic-churn", shop.Result.Winners.Churn);             // it reads what customers write
        Assert.Equal(2, moved.Count);
        Assert.All(moved, reason => Assert.Contains(written, text => text.CustomerId == writer && text.At == reason.Text.At));
        Assert.Empty(run.Topics([writer], "complaint"));             // the package has no encoder
        Assert.NotEmpty(run.TextGains());
    }

    [Fact]
    public void Key_figures_are_the_runs_own_with_intervals_around_them()
    {
        var (figures, chinese) = (shop.Open("logged-shop").KeyFigures(), shop.Open("logged-shop").KeyFigures("zh"));
        Assert.Equal((shop.Result.RunId, "logged-shop", null), (figures.Run, figures.Experiment, figures.RunLink));
        Assert.Equal(FormattableString.Invariant($"{shop.Result.Candidates.Single(c => c.Name == shop.Result.Winners.Churn).Metrics["auc"]:0.000}"), figures.Figures[0].Value);
        Assert.Matches(@"^\[0\.\d{3}, 0\.\d{3}\]$", figures.Figures[0].Note);
        Assert.Equal(figures.Figures.Select(f => f.Value), chinese.Figures.Select(f => f.Value));
        Assert.Contains("流失", chinese.Figures[0].Name);
    }

    [Fact]
    public void What_is_no_run_is_refused_in_words()
    {
        Assert.Contains("No run's id begins with 'ffff'", Assert.Throws<InvalidOperationException>(() => shop.Open("ffff")).Message);
        Assert.Contains("customervalue experiment", Assert.Throws<InvalidOperationException>(() => LoggedRun.Open("x", new(Path.Combine(Path.GetTempPath(), "none", "none.db"), null), shop.Output)).Message);
    }

    [Fact]
    public void Records_that_are_gone_are_told()
    {
        var run = LoggedRun.Open("logged-shop", shop.Places, _ => Path.Combine(Path.GetTempPath(), "nowhere"));
        Assert.Equal(shop.Result.Rows.Test, run.Labels.Rows);                          // what the run keeps is there still
        Assert.Contains("Run it again", Assert.Throws<WarehouseException>(() => run.Customers).Message);
    }
}
