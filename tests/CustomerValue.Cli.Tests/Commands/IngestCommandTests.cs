using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public class IngestCommandTests
{
    private const string Rows = "customer_id,order_id,at,quantity,unit_price,currency\nc1,1,2024-03-01,2,1.25,EUR\nc2,2,2024-03-02,1,2,GBP\nc2,2,soon,1,2,GBP\n";

    [Fact]
    public void A_shop_is_loaded_and_the_report_is_one_json_document()
    {
        using var folder = new TemporaryFolder();
        folder.Write("purchases.csv", Rows);
        var run = CommandRun.Of("ingest", "--data", folder.Path, "--warehouse", folder.In("warehouse"), "--published-ids", "--rejects", folder.In("rejects.jsonl"), "--json");
        Assert.Equal((0, 3, 2, 1), (run.ExitCode, run.Json.GetProperty("read").GetInt32(), run.Json.GetProperty("kept").GetInt32(), run.Json.GetProperty("rejected").GetInt32()));
        Assert.Equal("bad time", run.Json.GetProperty("rejected_by_reason")[0].GetProperty("reason").GetString());
        Assert.Equal(["EUR", "GBP"], run.Json.GetProperty("money").EnumerateArray().Select(m => m.GetProperty("currency").GetString()));
        Assert.Equal("ids kept as published, by explicit choice", run.Json.GetProperty("pseudonym_key").GetString());
        Assert.Single(File.ReadAllLines(folder.In("rejects.jsonl")));

        var again = CommandRun.Of("ingest", "--data", folder.Path, "--warehouse", folder.In("warehouse"), "--published-ids");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("was loaded into", again.Output, StringComparison.Ordinal);
        Assert.Contains("3 rows = 2 kept + 0 there already + 1 rejected", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data FOLDER", "ingest")]
    [InlineData("neither a file nor a data set known by name (cdnow, online_retail_ii, steam_reviews)", "ingest", "--data", ".", "--source", "retail")]
    [InlineData("write a number with its unit", "ingest", "--data", ".", "--memory", "lots")]
    [InlineData("Threads must lie between 1 and 64", "ingest", "--data", ".", "--threads", "0")]
    [InlineData("give either that or --key-file", "ingest", "--data", ".", "--published-ids", "--key-file", "x")]
    public void Wrong_usage_says_what_to_write_instead(string said, params string[] arguments)
    {
        var run = CommandRun.Of(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_table_fails_in_one_sentence()
    {
        using var folder = new TemporaryFolder();
        folder.Write("purchases.csv", "<html>please sign in</html>");
        var run = CommandRun.Of("ingest", "--data", folder.Path, "--warehouse", folder.In("warehouse"), "--published-ids");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("purchases.csv: this is an HTML page", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
