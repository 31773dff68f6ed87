using System.Text.Json;
using CustomerValue.Experiments;
using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class ReproduceCommandTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";
    private readonly TemporaryFolder _folder = new();
    private readonly MlflowSqliteStore _store;

    public ReproduceCommandTests() => _store = MlflowSqliteStore.OpenOrCreate(_folder.In("mlflow.db"), new FixedClock());

    public void Dispose() => _folder.Dispose();

    private CommandRun Reproduce(params string[] arguments) => CommandRun.Of(["reproduce", .. arguments, "--store", _store.File]);

    private void Log(string commit, int threads, bool documents = true)
    {
        var result = new ExperimentResult("0001-shop", "who?", Id, commit, "d1", 7, threads, new([new(2024, 1, 1)], new(2024, 7, 1), 180, 180), new(100, 50),
            new(0.4, 12.5, 625), [], [], new(null, null, "auc"), []);
        using var run = _store.Start(new(Id, "0001-shop", "0001-shop", new Dictionary<string, string>()));
        if (documents)
            foreach (var (path, content) in new (string, object)[] { ("result.json", result), ("environment.json", RunEnvironment.Current) })
            {
                using var stream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(content, content.GetType(), ExperimentResult.Json));
                run.Artifact(path, stream);
            }
        run.End(RunStatus.Finished);
    }

    [Fact]
    public void A_run_of_another_commit_is_refused_by_name_with_the_way_to_repeat_it()
    {
        Log("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", threads: 2);
        var run = Reproduce("--latest");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("doesn't repeat: 1 of 3 points differ: commit.", run.Output, StringComparison.Ordinal);
        Assert.Contains("git worktree add ../repeat aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_thread_count_is_told_too_and_both_stand_in_the_document()
    {
        Log("aaaa", threads: 2);
        var run = Reproduce("--run", "0123", "--threads", "1", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["commit", "threads"], run.Json.GetProperty("points").EnumerateArray().Where(p => p.GetProperty("agreement").GetString() == "differs").Select(p => p.GetProperty("name").GetString()));
    }

    [Fact]
    public void A_run_must_be_named_be_there_and_have_its_documents()
    {
        Assert.Equal(2, Reproduce().ExitCode);
        Assert.Contains("--run ID, or --latest", Reproduce().Errors, StringComparison.Ordinal);
        Assert.Contains("No run has finished", Reproduce("--latest").Errors, StringComparison.Ordinal);

        Log("aaaa", threads: 2, documents: false);
        Assert.Contains("begins with 'ffff'", Reproduce("--run", "ffff").Errors, StringComparison.Ordinal);
        var bare = Reproduce("--latest");
        Assert.Equal((2, true), (bare.ExitCode, bare.Errors.Contains("has no result.json", StringComparison.Ordinal)));
    }
}
