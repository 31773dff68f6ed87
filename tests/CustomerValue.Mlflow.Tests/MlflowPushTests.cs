using System.Text;
using System.Text.Json;
using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

public sealed class MlflowPushTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestStore _test = new();
    private readonly FakeMlflow _fake = new();

    public void Dispose()
    {
        _fake.Dispose();
        _test.Dispose();
    }

    private MlflowServer Server(string? address = null) => Quick.Server(address ?? _fake.Address);

    private IReadOnlyList<PushedRun> Push(params string[] ids)
    {
        using var client = new MlflowRestClient(Server(), _test.Clock);
        var push = new MlflowPush(_test.Store, client);
        return push.Send(ids.Length > 0 ? ids : push.Pending());
    }

    private void LogWithModel(string id = TestStore.RunId, string content = "one")
    {
        using (var run = _test.Store.Start(TestStore.Start(id, name: "with a model")))
        {
            run.Parameters(Enumerable.Range(0, 250).Select(i => KeyValuePair.Create($"p{i}", "v")));
            run.Metrics(Enumerable.Range(0, 2500).Select(i => new MetricPoint("loss", 1.0 / (i + 1), i)));
            run.Metrics([new("odd", double.NaN), new("up", double.PositiveInfinity)]);
            run.Input(new("shop", "abc", "training") { Schema = "{}" });
            TestStore.Write(run, "result.json", "{}");
            using var nested = run.Nested(RunStart.Inside(run, "0001-shop", "BG/NBD"));
            nested.Metrics([new("gini", 0.25)]);
            nested.End(RunStatus.Finished);
            _test.Store.Register(run, "shop", _test.Package(content), "The winner", new Dictionary<string, string> { ["k"] = "v" });
            _test.Clock.Advance(TimeSpan.FromMinutes(1));
            run.End(RunStatus.Finished);
        }
        _test.Store.Promote("shop", _test.Store.VersionsOf(id).Single().Version);
    }

    [Fact]
    public void A_run_that_was_sent_as_stopped_and_went_on_here_goes_on_there()
    {
        using (var run = _test.Store.Start(TestStore.Start()))
        {
            run.Metrics([new("loss", 2, 1)]);
            run.End(RunStatus.Killed);
        }
        Assert.Equal(PushOutcome.Sent, Push().Single().Outcome);
        Assert.Equal("KILLED", _fake.ByLocalId(TestStore.RunId).Status);
        Assert.Empty(Push());                                                           // marked as sent

        using (var run = _test.Store.Start(TestStore.Start() with { TakesUp = true }))
        {
            run.Metrics([new("loss", 1, 2)]);
            run.End(RunStatus.Finished);
        }
        Assert.Equal(PushOutcome.Sent, Push().Single().Outcome);
        Assert.Equal(("FINISHED", 2), (_fake.ByLocalId(TestStore.RunId).Status, _fake.ByLocalId(TestStore.RunId).Metrics.Count));
        Assert.Equal(PushOutcome.There, Push(TestStore.RunId).Single().Outcome);
    }

    [Fact]
    public void A_run_arrives_whole()
    {
        LogWithModel();
        var pushed = Push().Single();
        var there = _fake.ByLocalId(TestStore.RunId);
        Assert.Equal((PushOutcome.Sent, $"{_fake.Address}/#/experiments/1/runs/{there.Id}?workflowType=machine_learning", null), (pushed.Outcome, pushed.Link, pushed.Problem));
        AssertWhole(there);

        var version = _fake.Versions.Single();
        Assert.Equal(("shop", there.Id, $"mlflow-artifacts:/1/{there.Id}/artifacts/model/shop", "The winner"), ((string)version["name"]!, (string)version["run_id"]!, (string)version["source"]!, (string)version["description"]!));
        Assert.Equal(1, _fake.Aliases["shop"]["champion"]);
        Assert.Equal([$"1/{there.Id}/artifacts/model/shop/MLmodel", $"1/{there.Id}/artifacts/model/shop/parts/model.json", $"1/{there.Id}/artifacts/result.json"], _fake.Artifacts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("one", Encoding.UTF8.GetString(_fake.Artifacts[$"1/{there.Id}/artifacts/model/shop/parts/model.json"]));
        Assert.Contains($"\"run_id\":\"{there.Id}\",\"artifact_path\":\"model/shop\"", there.Tags["mlflow.log-model.history"], StringComparison.Ordinal);
        Assert.Contains("\"value\":\"NaN\"", there.Metrics.Single(m => m.Contains("odd", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("\"value\":\"Infinity\"", there.Metrics.Single(m => m.Contains("\"up\"", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private void AssertWhole(FakeMlflow.FakeRun there)
    {
        Assert.Equal(("FINISHED", 1704067200000, 1704067260000L), (there.Status, there.StartTime, there.EndTime));
        Assert.Equal((250, 2502, 1), (there.Parameters.Count, there.Metrics.Count, there.Inputs.Count));
        Assert.Equal(("7", "with a model"), (there.Tags["seed"], there.Tags["mlflow.runName"]));
        var nested = _fake.Runs.Single(r => r.Tags.GetValueOrDefault("mlflow.parentRunId") == there.Id);
        Assert.Equal(("BG/NBD", "FINISHED", 1), (nested.Name, nested.Status, nested.Metrics.Count));
        Assert.Equal(2, _fake.Runs.Count);
    }

    [Fact]
    public void Sent_twice_it_is_there_once()
    {
        LogWithModel();
        Push();
        Assert.Empty(Push());                                                                      // marked here, so nothing is left to send
        var requests = _fake.Requests.Count;
        Assert.Equal(PushOutcome.There, Push(TestStore.RunId).Single().Outcome);                    // named, it is looked for there
        Assert.Equal(requests + 2, _fake.Requests.Count);

        _test.Do("DELETE FROM tags WHERE key LIKE 'customervalue.sent/%'");                          // the mark lost, as when the power goes
        Assert.Equal(PushOutcome.There, Push().Single().Outcome);
        AssertWhole(_fake.ByLocalId(TestStore.RunId));
        Assert.Single(_fake.Versions);
        Assert.Empty(Push());
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Through_any_faults_it_arrives_once(int seed)
    {
        LogWithModel();
        var chance = new Random(seed);
        var faults = 0;
        StubAnswer? Fault(double share)
        {
            if (chance.NextDouble() >= share) return null;
            faults++;
            return chance.Next(6) switch
            {
                0 => StubAnswer.Text(503, "busy"), 1 => StubAnswer.Text(502, "<h1>Bad Gateway</h1>"), 2 => new(200) { Drops = true },
                3 => StubAnswer.Json(200, "{\"run\": {\"info\"") with { CutAfter = 5 }, 4 => StubAnswer.Json(500, """{"error_code": "INTERNAL_ERROR", "message": "x"}"""), _ => new(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "0" } },
            };
        }
        _fake.Before = (_, _) => Fault(0.15);
        _fake.After = (_, _) => Fault(0.15);                                                        // done, and the answer lost
        var tries = 0;
        while (Push() is not []) Assert.True(++tries < 200, "it never arrived");
        AssertWhole(_fake.ByLocalId(TestStore.RunId));
        Assert.Single(_fake.Versions);
        Assert.Equal(3, _fake.Artifacts.Count);
        output.WriteLine($"seed {seed}: {faults} faults in {_fake.Requests.Count} requests, {tries} pushes");
        Assert.True(faults > 3);
    }

    [Fact]
    public void A_stopped_push_goes_on_where_it_was()
    {
        LogWithModel();
        using var stop = new CancellationTokenSource();
        _fake.Before = (number, _) => { if (number == 8) stop.Cancel(); return null; };
        using (var client = new MlflowRestClient(Server(), _test.Clock, stop.Token))
            Assert.ThrowsAny<OperationCanceledException>(() => new MlflowPush(_test.Store, client).Send([TestStore.RunId]));
        Assert.Equal("RUNNING", _fake.ByLocalId(TestStore.RunId).Status);
        _fake.Before = null;
        Assert.Equal(PushOutcome.Sent, Push().Single().Outcome);
        AssertWhole(_fake.ByLocalId(TestStore.RunId));
    }

    [Fact]
    public void A_new_champion_here_becomes_one_there_and_the_older_one_stays_findable()
    {
        LogWithModel();
        Push();
        LogWithModel("1123456789abcdef0123456789abcdef", "two");
        Push();
        Assert.Equal(new Dictionary<string, int> { ["champion"] = 2, ["former-champion"] = 1 }, _fake.Aliases["shop"]);
        Assert.Contains("champion_until", _fake.Versions[0]["tags"]!.ToJsonString(), StringComparison.Ordinal);

        using var client = new MlflowRestClient(Server(), _test.Clock);
        Assert.Equal(["former-champion", "champion"], client.Versions("shop").Select(v => v.Aliases.Single()));
        Assert.Equal("v", client.Versions("shop")[0].Tags["k"]);
        Assert.Empty(client.Versions("other"));
    }

    [Fact]
    public void A_run_that_still_runs_waits_unless_it_is_named()
    {
        using var run = _test.Store.Start(TestStore.Start());
        run.Metrics([new("gini", 0.5)]);
        Assert.Empty(Push());
        Assert.Equal(PushOutcome.Sent, Push(TestStore.RunId).Single().Outcome);
        Assert.Equal("RUNNING", _fake.ByLocalId(TestStore.RunId).Status);
        run.Metrics([new("auc", 0.7)]);
        run.End(RunStatus.Finished);
        Assert.Equal(PushOutcome.Sent, Push().Single().Outcome);
        Assert.Equal(("FINISHED", 2), (_fake.Runs.Single().Status, _fake.Runs.Single().Metrics.Count));
    }

    [Fact]
    public void What_was_deleted_there_isnt_sent_again()
    {
        TestStore.LogAll(_test.Store);
        Push();
        _fake.ByLocalId(TestStore.RunId).Stage = "deleted";
        var pushed = Push(TestStore.RunId).Single();
        Assert.Equal(PushOutcome.Failed, pushed.Outcome);
        Assert.Contains("deleted there", pushed.Problem, StringComparison.Ordinal);

        _fake.Experiments[0]["lifecycle_stage"] = "deleted";
        Assert.Contains("mlflow experiments restore -x 1", Push(TestStore.RunId).Single().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_took_but_doesnt_show_isnt_marked_as_sent()
    {
        TestStore.LogAll(_test.Store);
        _fake.Before = (_, request) => request.Path.EndsWith("runs/log-batch", StringComparison.Ordinal) && request.Json!["params"] is not null ? StubAnswer.Json(200, "{}") : null;
        var pushed = Push().Single();
        Assert.Equal(PushOutcome.Failed, pushed.Outcome);
        Assert.Contains("doesn't show the setting r", pushed.Problem, StringComparison.Ordinal);
        Assert.Equal("RUNNING", _fake.ByLocalId(TestStore.RunId).Status);
        _fake.Before = null;
        Assert.Equal(PushOutcome.Sent, Push().Single().Outcome);
    }

    [Fact]
    public void A_server_that_is_down_is_asked_once_not_for_every_run()
    {
        TestStore.LogAll(_test.Store);
        TestStore.LogAll(_test.Store, "1123456789abcdef0123456789abcdef");
        using var client = new MlflowRestClient(Server(StubServer.Nowhere()), _test.Clock);
        var pushed = new MlflowPush(_test.Store, client).Send([TestStore.RunId, "1123456789abcdef0123456789abcdef"]);
        Assert.All(pushed, p => Assert.Equal(PushOutcome.Failed, p.Outcome));
        Assert.All(pushed, p => Assert.Contains("can't be reached", p.Problem, StringComparison.Ordinal));
        Assert.Equal(2, Push().Count);
    }

    [Fact]
    public void Two_pushes_at_once_dont_get_in_each_others_way()
    {
        TestStore.LogAll(_test.Store);
        Exception? second = null;
        _fake.Before = (number, _) => { if (number == 3) second = Record.Exception(() => Push()); return null; };
        Push();
        Assert.Contains("Another process is sending", Assert.IsType<MlflowException>(second).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_password_reaches_the_store_the_server_or_what_is_said()
    {
        TestStore.LogAll(_test.Store);
        const string Secret = "s3cret-pass";
        var address = _fake.Address.Replace("http://", $"http://someone:{Secret}@", StringComparison.Ordinal);
        _fake.Before = (number, request) => number == 4 ? StubAnswer.Text(400, $"you sent {request.Headers["Authorization"]} {Secret}", "text/plain") : null;
        using var client = new MlflowRestClient(Server(address), _test.Clock);
        var pushed = new MlflowPush(_test.Store, client);
        var texts = pushed.Send(pushed.Pending()).Concat(pushed.Send(pushed.Pending())).Select(p => JsonSerializer.Serialize(p)).Append(client.Server.ToString()).ToList();
        Assert.Contains(texts, t => t.Contains("***", StringComparison.Ordinal));
        var coded = Convert.ToBase64String(Encoding.UTF8.GetBytes($"someone:{Secret}"));
        Assert.All(_fake.Requests, r => Assert.Equal("Basic " + coded, r.Headers["Authorization"]));
        Assert.DoesNotContain(_fake.Requests, r => r.Target.Contains(Secret, StringComparison.Ordinal) || Encoding.UTF8.GetString(r.Body).Contains(Secret, StringComparison.Ordinal));
        texts.AddRange(Directory.EnumerateFiles(_test.Folder, "*", SearchOption.AllDirectories).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        Assert.DoesNotContain(texts, t => t.Contains(Secret, StringComparison.Ordinal) || t.Contains(coded, StringComparison.Ordinal));
    }
}
