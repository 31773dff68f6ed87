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
