using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class RunsCommandTests : IDisposable
{
    private const string One = "0123456789abcdef0123456789abcdef", Two = "0124456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new();
    private readonly MlflowSqliteStore _store;

    public RunsCommandTests()
    {
        _store = MlflowSqliteStore.OpenOrCreate(_folder.In("mlflow.db"), _clock);
        Log(One, leaves: "31", gini: 0.5);
        _clock.Advance(TimeSpan.FromHours(1));
        Log(Two, leaves: "63", gini: 0.625);
    }

    public void Dispose() => _folder.Dispose();

    private void Log(string id, string leaves, double gini)
    {
        using var run = _store.Start(new(id, "0001-shop", "0001-shop", new Dictionary<string, string> { ["seed"] = "7" }) { User = "someone" });
        run.Metrics([new("gini", gini), new("odd", double.NaN), new("seconds.fit", gini)]);
        run.Tags([new("winner.value", "boosting")]);
        using var content = new MemoryStream("{}"u8.ToArray());
        run.Artifact("result.json", content);
        foreach (var name in gini > 0.6 ? new[] { "boosting", "new" } : ["boosting"])
        {
            using var nested = run.Nested(RunStart.Inside(run, "0001-shop", name));
            nested.Parameters([new("leaves", leaves), new("rate", "0.1")]);
            nested.Metrics([new("gini", gini)]);
            nested.End(RunStatus.Finished);
        }
        _clock.Advance(TimeSpan.FromSeconds(90));
        run.End(RunStatus.Finished);
    }

    private CommandRun Runs(params string[] arguments) => CommandRun.Of(["runs", .. arguments, "--store", _store.File]);

    [Fact]
    public void The_list_has_the_newest_first_with_the_winner()
    {
        var run = Runs("list");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?s)01244567 .*0001-shop .*2024-01-01 01:01 .*90\.0 s .*finished .*2 .*boosting \(gini 0\.6250\).*01234567 ", run.Output);
        Assert.Equal([Two, One], Runs("list", "--json").Json.EnumerateArray().Select(r => r.GetProperty("run").GetProperty("id").GetString()));
        Assert.Equal(1, Runs("list", "--limit", "1", "--json").Json.GetArrayLength());
        Assert.Equal(0, Runs("list", "--experiment", "none", "--json").Json.GetArrayLength());
    }

    [Fact]
    public void One_run_is_shown_by_the_beginning_of_its_id()
    {
        var run = Runs("show", "0123");
        Assert.Equal(0, run.ExitCode);
        foreach (var text in new[] { $"Run {One} of 0001-shop: finished, began 2024-01-01 00:00 UTC, took 90.0 s", "gini", "winner.value", "boosting", "result.json" }) Assert.Contains(text, run.Output, StringComparison.Ordinal);
        var json = Runs("show", "0123", "--json").Json;
        Assert.Equal("NaN", json.GetProperty("metrics").GetProperty("odd").GetString());
        Assert.Equal("31", json.GetProperty("nested")[0].GetProperty("parameters").GetProperty("leaves").GetString());
    }

    [Fact]
    public void An_id_that_is_no_runs_or_several_runs_is_wrong_usage()
    {
        Assert.Equal((2, true), (Runs("show", "ffff").ExitCode, Runs("show", "ffff").Errors.Contains("customervalue runs list", StringComparison.Ordinal)));
        Assert.Equal((2, true), (Runs("show", "012").ExitCode, Runs("show", "012").Errors.Contains("Give more digits", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_runs_side_by_side_show_what_differs()
    {
        var run = Runs("compare", "0123", "0124");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"boosting +setting +leaves +31 +63", run.Output);
        Assert.Matches(@"the run +gini +0\.5 +0\.625 +\+0\.125", run.Output);
        Assert.Matches(@"new +run +new +- +[0-9a-f]{32}", run.Output);
        Assert.DoesNotContain("seconds.fit", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("rate", run.Output, StringComparison.Ordinal);
        Assert.Contains("seconds.fit", Runs("compare", "0123", "0124", "--all").Output, StringComparison.Ordinal);

        var json = Runs("compare", "0123", "0124", "--json").Json;
        Assert.Equal([0.125, 0.125], json.GetProperty("figures").EnumerateArray().Select(f => f.GetProperty("difference").GetDouble()));
        Assert.Equal(4, json.GetProperty("same").GetInt32());                                    // odd (NaN is NaN), seed, the winner, the rate
    }

    [Fact]
    public void Push_sends_to_a_server_and_says_what_couldnt_be_sent()
    {
        using var fake = new FakeMlflow();
        var down = CommandRun.Of("mlflow", "push", "--store", _store.File, "--to", StubServer.Nowhere().Replace("//", "//user:geheim@", StringComparison.Ordinal));
        Assert.Equal(1, down.ExitCode);
        Assert.Contains("NOT SENT   01234567", down.Output, StringComparison.Ordinal);
        Assert.Contains("can't be reached", down.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", down.Output + down.Errors, StringComparison.Ordinal);

        var one = CommandRun.Of("mlflow", "push", "--store", _store.File, "--to", fake.Address, "--run", "0124");
        Assert.Equal((0, true), (one.ExitCode, one.Output.Contains($"sent       01244567  0001-shop  {fake.Address}/#/experiments/1/runs/", StringComparison.Ordinal)));
        var rest = CommandRun.Of("mlflow", "push", "--store", _store.File, "--to", fake.Address, "--json");
        Assert.Equal([(One, "sent")], rest.Json.EnumerateArray().Select(r => (r.GetProperty("run_id").GetString()!, r.GetProperty("outcome").GetString()!)));
        Assert.Contains("has every ended run", CommandRun.Of("mlflow", "push", "--store", _store.File, "--to", fake.Address).Output, StringComparison.Ordinal);
        Assert.Equal(5, fake.Runs.Count);

        Assert.Equal(2, CommandRun.Of("mlflow", "push", "--store", _store.File, "--to", "ftp://user:geheim@host").ExitCode);
    }

    [Fact]
    public void A_run_that_a_server_didnt_take_is_said_to_be_kept_and_how_to_send_it()
    {
        static MlflowTracking To(string address) => MlflowTracking.Choose(_ => null, "x", address);
        Assert.Matches(@"^Logged as run 01234567 in .*mlflow\.db; see it: customervalue runs show 01234567\nIn MLflow's pages: mlflow ui --backend-store-uri sqlite:///.*mlflow\.db, then http://127\.0\.0\.1:5000/#/experiments/1/runs/" + One + @"\?workflowType=machine_learning$",
            string.Join('\n', RunPlaces.Deliver(new(_store.File, null), _store, One, null, default)));

        using (var full = new StubServer(_ => new(507)))
        {
            var lines = RunPlaces.Deliver(To(full.Address), _store, One, null, default);
            Assert.Equal(4, lines.Count);
            Assert.Contains("Its disk is full", lines[1], StringComparison.Ordinal);
            Assert.Equal("Nothing is lost. When that is put right: customervalue mlflow push --run 01234567", lines[2]);
            Assert.Equal("1 earlier run waits to be sent: customervalue mlflow push", lines[3]);
        }

        using var fake = new FakeMlflow();
        Assert.Equal($"In MLflow's pages: {fake.Address}/#/experiments/1/runs/{new string('0', 32)}?workflowType=machine_learning", RunPlaces.Deliver(To(fake.Address), _store, One, null, default)[1]);
    }
}
