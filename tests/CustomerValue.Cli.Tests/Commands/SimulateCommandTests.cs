using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class SimulateCommandTests : IDisposable
{
    private static readonly string[] s_records = ["purchases.csv", "browsing.csv", "reviews.csv", "dialogues.csv", "campaigns.csv"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_shop_is_written_and_the_report_is_one_json_document()
    {
        var run = CommandRun.Of("simulate", "--customers", "120", "--days", "200", "--seed", "5", "--out", _folder.In("shop"), "--truth", _folder.In("truth"), "--json");
        Assert.Equal((0, 120, 5), (run.ExitCode, run.Json.GetProperty("customers").GetInt32(), run.Json.GetProperty("seed").GetInt32()));
        Assert.Equal(("2023-01-01", "2023-07-19"), (run.Json.GetProperty("from").GetString(), run.Json.GetProperty("to").GetString()));

        var files = run.Json.GetProperty("files").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!);
        Assert.Equal(s_records.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.In("shop")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var path in Directory.GetFiles(_folder.In("shop")).Concat(Directory.GetFiles(_folder.In("truth"))))
            Assert.Equal(new FileInfo(path).Length, files[Path.GetFileName(path)].GetProperty("bytes").GetInt64());
        Assert.Equal(File.ReadLines(_folder.In("shop", "browsing.csv")).Count() - 1, files["browsing.csv"].GetProperty("rows").GetInt64());      // no field of these breaks its line
        Assert.All(files.Values, f => Assert.True(f.GetProperty("rows").GetInt64() > 0));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_any_number_of_threads_and_another_seed_others()
    {
        string[] shop = ["simulate", "--customers", "700", "--days", "200"];
        foreach (var (name, seed, threads) in new[] { ("one", "5", "1"), ("two", "5", "3"), ("other", "6", "3") })
            Assert.Equal(0, CommandRun.Of([.. shop, "--seed", seed, "--threads", threads, "--out", _folder.In(name)]).ExitCode);
        foreach (var file in s_records)
        {
            Assert.Equal(File.ReadAllBytes(_folder.In("one", file)), File.ReadAllBytes(_folder.In("two", file)));
            Assert.NotEqual(File.ReadAllBytes(_folder.In("one", file)), File.ReadAllBytes(_folder.In("other", file)));
        }
    }

    [Theory]
    [InlineData("Customers must lie between 1 and 10000000. Given: 0.", "--customers", "0")]
    [InlineData("'many'", "--customers", "many")]
    [InlineData("Days must lie between 60 and 3660. Given: 7.", "--days", "7")]
    [InlineData("--from is 'yesterday', which is no date. Write year, month and day, as 2023-01-01.", "--from", "yesterday")]
    [InlineData("Given: 0.", "--threads", "0")]
    [InlineData("FeelingWeight must lie between 0 and 10. Given: -1.", "--feeling-weight", "-1")]
    [InlineData("TextNoise must lie between 0 and 100. Given: -2.", "--text-noise", "-2")]
    [InlineData("ColdShare must lie between 0 and 1. Given: 1.5.", "--cold-share", "1.5")]
    [InlineData("VisitorShare must lie between 0 and 1. Given: 2.", "--visitors", "2")]
    public void A_wrong_option_value_is_wrong_usage_and_nothing_is_written(string said, string option, string value)
    {
        var run = CommandRun.Of("simulate", "--out", _folder.In("shop"), option, value);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.In("shop")) && Directory.EnumerateFileSystemEntries(_folder.In("shop")).Any());
    }

    [Fact]
    public void Who_writes_what_and_who_only_looks_can_be_chosen()
    {
        string[] Rows(string file, params string[] options)
        {
            Assert.Equal(0, CommandRun.Of(["simulate", "--customers", "100", "--days", "300", "--out", _folder.In("shop"), "--truth", _folder.In("truth"), "--force", .. options]).ExitCode);
            return [.. File.ReadLines(_folder.In("truth", file)).Skip(1)];
        }
        Assert.All(Rows("customers.csv", "--languages", "0", "1", "0"), row => Assert.Equal("en", row.Split(',')[4]));
        Assert.All(Rows("customers.csv", "--cold-share", "1", "--visitors", "1"), row => Assert.Equal("true", row.Split(',')[3]));
        Assert.All(Rows("customers.csv", "--cold-share", "0"), row => Assert.Equal(("false", "false"), (row.Split(',')[3], row.Split(',')[^1])));
        Assert.Equal(Rows("texts.csv", "--text-noise", "0").Select(row => row.Split(',')[3]), Rows("texts.csv", "--text-noise", "3").Select(row => row.Split(',')[3]));
        Assert.NotEqual(Rows("customers.csv", "--feeling-weight", "0"), Rows("customers.csv", "--feeling-weight", "3"));
    }

    [Fact]
    public void The_oracle_says_how_well_customers_can_be_foreseen_and_writes_each_answer()
    {
        string[] simulate = ["simulate", "--customers", "80", "--days", "300", "--seed", "5", "--out", _folder.In("shop"), "--oracle", "2023-07-01", "2023-08-01", "--horizon", "30", "60", "--particles", "100", "--json"];
        var run = CommandRun.Of([.. simulate, "--truth", _folder.In("truth")]);
        Assert.True(run.ExitCode == 0, run.Errors);
        var figures = run.Json.GetProperty("oracle").EnumerateArray().ToArray();
        var everybody = figures.Where(f => f.GetProperty("slice").GetString() == "all").ToArray();
        Assert.Equal([("2023-07-01", 30), ("2023-07-01", 60), ("2023-08-01", 30), ("2023-08-01", 60)], everybody.Select(f => (f.GetProperty("cutoff").GetString()!, f.GetProperty("horizon_days").GetInt32())));
        Assert.Equal(["all", "no order", "first order", "2-4"], figures.Take(4).Select(f => f.GetProperty("slice").GetString()!));
        Assert.All(everybody, f => Assert.True(f.GetProperty("everything").GetProperty("auc").GetDouble() > f.GetProperty("history").GetProperty("auc").GetDouble()));
        var lines = File.ReadAllLines(_folder.In("truth", "expectations.csv"));
        Assert.Equal(figures.Where(f => f.GetProperty("slice").GetString() is "all" or "no order").Sum(f => f.GetProperty("customers").GetInt32()), lines.Length - 1);
        Assert.StartsWith("customer_id,cutoff,horizon_days,orders,texts,bought,spent,history_buys,", lines[0], StringComparison.Ordinal);

        Assert.Contains("Name it with --truth.", CommandRun.Of(simulate).Errors, StringComparison.Ordinal);
        var late = CommandRun.Of("simulate", "--out", _folder.In("other"), "--truth", _folder.In("truth2"), "--days", "100", "--oracle", "2023-03-01");
        Assert.Equal(2, late.ExitCode);
        Assert.Contains("90 days from 2023-03-01 on don't lie within the shop's period", late.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.In("other")));
    }

    [Fact]
    public void Without_a_folder_it_is_wrong_usage()
    {
        var run = CommandRun.Of("simulate", "--customers", "10");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--out", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_use_is_refused_until_forced()
    {
        _folder.Write("notes.txt", "mine");
        string[] shop = ["simulate", "--customers", "20", "--days", "60", "--out", _folder.Path];
        var refused = CommandRun.Of(shop);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("holds notes.txt", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of([.. shop, "--force"]).ExitCode);
        Assert.Equal("mine", File.ReadAllText(_folder.In("notes.txt")));
    }
}
