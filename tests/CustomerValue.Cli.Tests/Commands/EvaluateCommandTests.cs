using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Predictions()
    {
        var rows = Enumerable.Range(0, 200).ToArray();
        var path = _folder.In("predictions.parquet");
        new ParquetColumns().Add("customer", rows.Select(r => $"{r:000}").ToArray())
            .Add("actual_spend", rows.Select(r => 1.0 + r).ToArray()).Add("actual_churn", rows.Select(r => r < 80 ? 1.0 : 0.0).ToArray())
            .Add("sharp.value", rows.Select(r => 2.0 + r).ToArray()).Add("sharp.churn", rows.Select(r => r < 80 ? 0.9 : 0.1).ToArray())
            .Add("blunt.value", rows.Select(r => (double)(r * 7919 % 200)).ToArray()).Write(path);
        return path;
    }

    [Fact]
    public void Judges_anyones_predictions_as_one_JSON_document()
    {
        var run = CommandRun.Of("evaluate", Predictions(), "--json", "--draws", "200");
        Assert.Equal(0, run.ExitCode);
        var sharp = run.Json.GetProperty("candidates")[0];
        Assert.Equal("sharp", sharp.GetProperty("name").GetString());
        Assert.Equal(1, sharp.GetProperty("metrics").GetProperty("gini").GetDouble(), 9);
        Assert.Equal(-Math.Log(0.9), sharp.GetProperty("metrics").GetProperty("log_loss").GetDouble(), 9);
        var gini = run.Json.GetProperty("comparisons").EnumerateArray().Single(c => c.GetProperty("metric").GetString() == "gini");
        Assert.True(gini.GetProperty("low").GetDouble() > 0);
    }

    [Fact]
    public void Predictions_of_a_simulated_shop_are_set_beside_the_best_that_could_be_foreseen()
    {
        var truth = _folder.In("truth");
        Assert.Equal(0, CommandRun.Of("simulate", "--customers", "300", "--days", "400", "--feeling-weight", "3", "--out", _folder.In("shop"), "--truth", truth, "--oracle", "2023-10-01", "--horizon", "30", "90", "--particles", "100").ExitCode);
        // Candidates that foresee just what the oracle does, and one that guesses the same of all.
        var rows = File.ReadLines(Path.Combine(truth, "expectations.csv")).Skip(1).Select(line => line.Split(',')).Where(f => f[2] == "90").ToArray();
        double[] Column(int at) => [.. rows.Select(f => double.Parse(f[at], System.Globalization.CultureInfo.InvariantCulture))];
        double[] Gone(int at) => [.. Column(at).Select(buys => 1 - buys)];
        var path = _folder.In("foreseen.parquet");
        new ParquetColumns().Add("customer", rows.Select(f => f[0]).ToArray()).Add("actual_spend", Column(6)).Add("actual_churn", rows.Select(f => f[5] == "true" ? 0.0 : 1).ToArray())
            .Add("blind.value", Column(8)).Add("blind.churn", Gone(7)).Add("reader.value", Column(12)).Add("reader.churn", Gone(11)).Add("same.churn", rows.Select(_ => 0.05).ToArray()).Write(path);
        string[] evaluate = ["evaluate", path, "--truth", truth, "--draws", "100"];

        var several = CommandRun.Of(evaluate);
        Assert.Equal(2, several.ExitCode);
        Assert.Contains("2023-10-01 for 30 days, 2023-10-01 for 90 days. Say with --cutoff and --horizon", several.Errors, StringComparison.Ordinal);
        var run = CommandRun.Of([.. evaluate, "--horizon", "90", "--without", "blind", "--json"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        var figures = run.Json.GetProperty("truth").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!);
        double Told(string name, string figure) => figures[name].GetProperty(figure).GetDouble();
        Assert.Equal((0, 0, 0, 1), (Told("reader", "auc_regret"), Told("reader", "log_loss_regret"), Told("reader", "calibration"), Told("reader", "auc_recovered")));
        Assert.Equal((0.0, 0.0), (Told("blind", "auc_recovered"), Told("blind", "gini_recovered")));
        Assert.Equal(Told("blind", "auc_regret"), Told("oracle: purchases, browsing, campaigns", "auc_regret"));
        Assert.True(Told("oracle: all but chance to come", "auc_regret") < -0.05 && Told("same", "auc_regret") > 0.2 && Told("same", "calibration") > 0.2);

        var other = CommandRun.Of("evaluate", Predictions(), "--truth", truth, "--horizon", "90");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("The oracle says nothing of customer 000", other.Errors, StringComparison.Ordinal);
        Assert.Contains("There is no candidate 'x'", CommandRun.Of([.. evaluate, "--horizon", "90", "--without", "x"]).Errors, StringComparison.Ordinal);
        Assert.Contains("simulate --truth", CommandRun.Of("evaluate", path, "--truth", _folder.In("shop")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_without_predictions_is_refused_with_what_it_has()
    {
        new ParquetColumns().Add<double>("actual_spend", [1]).Add<double>("actual_churn", [0]).Write(_folder.In("t.parquet"));
        var run = CommandRun.Of("evaluate", _folder.In("t.parquet"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("holds no predictions: name a column NAME.value", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_reference_is_wrong_usage()
    {
        var run = CommandRun.Of("evaluate", Predictions(), "--against", "nobody");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("It has: sharp, blunt", run.Errors, StringComparison.Ordinal);
    }
}
