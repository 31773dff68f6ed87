using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

/// <summary>What a tracker and a registry promise, kept by the file and by the server.</summary>
public abstract class TrackerContractTests : IDisposable
{
    protected abstract IRunTracker Tracker { get; }

    private IModelRegistry Registry => (IModelRegistry)Tracker;

    protected TestStore Test { get; } = new();

    /// <summary>How a run stands in the store itself: status, settings, points and the runs inside.</summary>
    protected abstract (string Status, int Settings, int Points, int Inside) Stored(string id);

    public virtual void Dispose()
    {
        Test.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_run_with_all_that_it_can_have_is_kept()
    {
        TestStore.LogAll(Tracker);
        Assert.Equal(("FINISHED", 2, 6, 1), Stored(TestStore.RunId));
    }

    [Fact]
    public void A_run_that_broke_off_goes_on_and_one_that_ended_doesnt()
    {
        using var first = Tracker.Start(TestStore.Start());
        first.Parameters([new("a", "1")]);
        first.Metrics([new("m", 1, 1, DateTimeOffset.UnixEpoch)]);
        using var again = Tracker.Start(TestStore.Start());
        again.Parameters([new("a", "1"), new("b", "2")]);
        again.Metrics([new("m", 1, 1, DateTimeOffset.UnixEpoch), new("m", 2, 2)]);
        again.End(RunStatus.Finished);
        Assert.Equal(("FINISHED", 2, 2, 0), Stored(TestStore.RunId));
        first.End(RunStatus.Killed);
        Assert.Equal("KILLED", Stored(TestStore.RunId).Status);
        Assert.Contains("give this one another", Assert.Throws<InvalidOperationException>(() => Tracker.Start(TestStore.Start())).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(RunStatus.Killed), InlineData(RunStatus.Failed)]
    public void A_run_that_was_stopped_is_taken_up_where_that_is_asked_for_and_a_finished_one_never(RunStatus stopped)
    {
        using (var first = Tracker.Start(TestStore.Start()))
        {
            first.Metrics([new("m", 1, 1, DateTimeOffset.UnixEpoch)]);
            first.End(stopped);
        }
        Assert.Throws<InvalidOperationException>(() => Tracker.Start(TestStore.Start()));
        using (var again = Tracker.Start(TestStore.Start() with { TakesUp = true }))
        {
            Assert.Equal("RUNNING", Stored(TestStore.RunId).Status);
            again.Metrics([new("m", 2, 2)]);
            again.End(RunStatus.Finished);
        }
        Assert.Equal(("FINISHED", 0, 2, 0), Stored(TestStore.RunId));
        Assert.Throws<InvalidOperationException>(() => Tracker.Start(TestStore.Start() with { TakesUp = true }));
    }

    [Fact]
    public void A_setting_that_changes_is_refused()
    {
        using var run = Tracker.Start(TestStore.Start());
        run.Parameters([new("leaves", "31")]);
        Assert.Contains("recorded once", Assert.Throws<InvalidOperationException>(() => run.Parameters([new("leaves", "63")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_never_ended_is_marked_as_failed()
    {
        Tracker.Start(TestStore.Start()).Dispose();
        Assert.Equal("FAILED", Stored(TestStore.RunId).Status);
    }

    [Fact]
    public void A_path_that_leaves_the_run_is_refused_and_a_stream_that_only_goes_forward_taken()
    {
        using var run = Tracker.Start(TestStore.Start());
        using var empty = new MemoryStream();
        Assert.Throws<ArgumentException>(() => run.Artifact("../x", empty));
        using var forward = new System.IO.Compression.GZipStream(new MemoryStream(Convert.FromBase64String("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==")), System.IO.Compression.CompressionMode.Decompress);
        run.Artifact("a/hello.txt", forward);
        Assert.Equal("hello", Artifact("a/hello.txt"));
    }

    protected abstract string Artifact(string path);

    [Fact]
    public void Versions_are_counted_aliased_and_kept()
    {
        for (var n = 1; n <= 3; n++)
        {
            using var run = Tracker.Start(TestStore.Start($"{n}123456789abcdef0123456789abcdef"));
            for (var twice = 0; twice < 2; twice++)
                Assert.Equal(n, Registry.Register(run, "o'brien's shop", Test.Package($"p{n}"), "d", new Dictionary<string, string> { ["n"] = $"{n}" }).Version);
            run.End(RunStatus.Finished);
            Registry.Promote("o'brien's shop", n);
        }
        Assert.Equal(["", "former-champion", "champion"], Registry.Versions("o'brien's shop").Select(v => string.Join(',', v.Aliases)));
        Assert.Equal([true, true, false], Registry.Versions("o'brien's shop").Select(v => v.Tags.ContainsKey("champion_until")));
        Assert.Equal((3, "3"), (Registry.Named("o'brien's shop", "champion")!.Version, Registry.Named("o'brien's shop", "champion")!.Tags["n"]));
        Assert.Null(Registry.Named("o'brien's shop", "nobody"));
        Assert.Throws<ArgumentException>(() => Registry.Promote("o'brien's shop", 4));
    }
}

public sealed class SqliteTrackerContractTests : TrackerContractTests
{
    protected override IRunTracker Tracker => Test.Store;

    protected override (string Status, int Settings, int Points, int Inside) Stored(string id) =>
        Test.Store.Read(id) is var run ? (run.Run.Status.ToString().ToUpperInvariant(), run.Parameters.Count, Test.Store.Points(id).Count, run.Nested.Count) : default;

    protected override string Artifact(string path)
    {
        using var reader = new StreamReader(Test.Store.OpenArtifact(TestStore.RunId, path));
        return reader.ReadToEnd();
    }
}

public sealed class RestTrackerContractTests : TrackerContractTests
{
    private readonly FakeMlflow _fake = new();
    private readonly MlflowRestClient _client;

    public RestTrackerContractTests() => _client = new(Quick.Server(_fake.Address), Test.Clock);

    protected override IRunTracker Tracker => _client;

    protected override (string Status, int Settings, int Points, int Inside) Stored(string id) => _fake.ByLocalId(id) is var run
        ? (run.Status, run.Parameters.Count, run.Metrics.Count, _fake.Runs.Count(r => r.Tags.GetValueOrDefault("mlflow.parentRunId") == run.Id)) : default;

    protected override string Artifact(string path) => System.Text.Encoding.UTF8.GetString(_fake.Artifacts.Single(a => a.Key.EndsWith("/artifacts/" + path, StringComparison.Ordinal)).Value);

    public override void Dispose()
    {
        _client.Dispose();
        _fake.Dispose();
        base.Dispose();
    }
}
