using System.Diagnostics;
using System.Globalization;
using CustomerValue.Mlflow;
using CustomerValue.Tracking;

namespace CustomerValue.Tests;

/// <summary>Several processes write at once; any of them may be killed at any moment.</summary>
public sealed class ProcessTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    private static Process Log(string file, int process, int count) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(LogRuns).Assembly.Location, LogRuns.Word, file, process.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture) },
        RedirectStandardOutput = true,
    })!;

    [Fact]
    public void Two_processes_log_into_a_new_store_at_once_and_lose_nothing()
    {
        const int Runs = 15;
        var file = Path.Combine(_test.Folder, "shared", "mlflow.db");
        using var one = Log(file, 1, Runs);
        using var two = Log(file, 2, Runs);
        one.StandardOutput.ReadToEnd();
        two.StandardOutput.ReadToEnd();
        one.WaitForExit();
        two.WaitForExit();
        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));

        var store = MlflowSqliteStore.Open(file, TimeProvider.System);
        Assert.Equal(2 * 2 * Runs, store.Runs().Count);
        Assert.All(store.Runs(), run => Assert.Equal(("0001-shop", RunStatus.Finished), (run.Experiment, run.Status)));
        for (var process = 1; process <= 2; process++)
            for (var n = 0; n < Runs; n++)
                Complete(store.Read(LogRuns.Id(process, n)));
        Sound(store, file);
    }

    [Theory, InlineData(20261124)]
    public void A_process_killed_at_any_moment_leaves_a_store_that_can_be_read(int seed)
    {
        const int Kills = 25;
        var chance = new Random(seed);
        var file = Path.Combine(_test.Folder, "killed", "mlflow.db");
        var (told, running) = (0, 0);
        for (var process = 1; process <= Kills; process++)
        {
            var finished = new List<string>();
            using (var child = Log(file, process, 10_000))
            {
                // Moments spread over making the store (the first kills), opening it and the first run, and later runs (every second one).
                if (process > 3) Assert.Equal("open", child.StandardOutput.ReadLine());
                if (process > 3 && process % 2 == 0) finished.Add(child.StandardOutput.ReadLine()!);
                var moment = process <= 3 ? chance.Next(60, 400) : process % 2 == 0 ? chance.Next(0, 200) : chance.Next(0, 700);
                using var timer = new Timer(_ => child.Kill(), null, TimeSpan.FromMilliseconds(moment), Timeout.InfiniteTimeSpan);
                while (child.StandardOutput.ReadLine() is { } line)
                    if (line != "open") finished.Add(line);
                child.WaitForExit();
                Assert.NotEqual(0, child.ExitCode);
            }
            if (!File.Exists(file)) continue;
            var store = MlflowSqliteStore.OpenOrCreate(file, TimeProvider.System);
            Sound(store, file);
            foreach (var id in finished) Complete(store.Read(id));
            told += finished.Count;
            foreach (var run in store.Runs()) Assert.Equal(run, store.Read(run.Id).Run);
            running = store.Runs().Count(r => r.Status == RunStatus.Running);
        }
        Assert.True(told > 0 && running > 0, $"the kills fell beside the work: {told} runs told, {running} left running");
        output.WriteLine($"seed {seed}: {Kills} kills, {told} runs told as finished and all complete, {running} left as running, {MlflowSqliteStore.Open(file, TimeProvider.System).Runs().Count} runs in all");
    }

    private static void Complete(StoredRun run)
    {
        Assert.Equal((RunStatus.Finished, 2, 5, 1, 2, 1), (run.Run.Status, run.Parameters.Count, run.Metrics.Count, run.Inputs.Count, run.Artifacts.Count, run.Nested.Count));
        Assert.Equal("BG/NBD", run.Tags["winner"]);
    }

    private static void Sound(MlflowSqliteStore store, string file)
    {
        Assert.NotNull(store.Runs());                                                    // a reader takes back what a killed writer left half done
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        foreach (var (check, expected) in new[] { ("PRAGMA integrity_check", "ok"), ("PRAGMA foreign_key_check", null) })
        {
            using var command = connection.CreateCommand();
            command.CommandText = check;
            Assert.Equal(expected, command.ExecuteScalar());
        }
    }
}
