using CustomerValue.Mlflow;

namespace CustomerValue.Cli;

/// <summary>Where runs are kept and sent, and what is said of it.</summary>
internal static class RunPlaces
{
    /// <summary>As the variables MLFLOW_TRACKING_* say; without them the store under the checkout's artifacts/.</summary>
    /// <param name="uri">In the place of MLFLOW_TRACKING_URI, where it isn't null.</param>
    /// <exception cref="UsageException">The address is of a kind that can't be written to.</exception>
    public static MlflowTracking Chosen(string? uri = null)
    {
        try
        {
            return MlflowTracking.Choose(Environment.GetEnvironmentVariable, Path.Combine(Checkout.Root, "artifacts", "mlflow", "mlflow.db"), uri);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>The store that commands read, or the one asked for.</summary>
    public static MlflowSqliteStore Read(string? file) => MlflowSqliteStore.Open(file ?? Chosen().StoreFile, TimeProvider.System);

    /// <summary>The full id of the run whose id begins so.</summary>
    /// <exception cref="UsageException">There is none, or there are several.</exception>
    public static string Id(MlflowSqliteStore store, string prefix) => store.Matching(prefix.ToLowerInvariant()) switch
    {
        [var id] => id,
        [] => throw new UsageException($"No run's id begins with '{prefix}' in {store.File}. See: customervalue runs list"),
        var several => throw new UsageException($"The ids of {several.Count} runs begin with '{prefix}': {string.Join(", ", several.Take(5).Select(id => id[..Math.Min(32, Math.Max(12, prefix.Length + 4))]))}{(several.Count > 5 ? ", ..." : "")}. Give more digits."),
    };

    /// <summary>Sends a run that has ended to the server, where there is one. Whatever the server does, the run is kept here.</summary>
    /// <returns>Lines that say where the run is, and how to see it.</returns>
    public static IReadOnlyList<string> Deliver(MlflowTracking places, MlflowSqliteStore store, string runId, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (brief, file) = (runId[..8], Path.GetRelativePath(Environment.CurrentDirectory, store.File));
        var kept = $"Logged as run {brief} in {(file.StartsWith("..", StringComparison.Ordinal) ? store.File : file)}; see it: customervalue runs show {brief}";
        if (places.Server is null)
            return [kept, $"In MLflow's pages: {store.ShowCommand(Environment.CurrentDirectory)}, then {MlflowServer.At("http://127.0.0.1:5000").Link(Terminal.Text($"{store.Read(runId).ExperimentId}"), runId)}"];

        using var client = new MlflowRestClient(places.Server, TimeProvider.System, cancellation);
        var push = new MlflowPush(store, client, progress);
        var sent = Sent(push, runId, store);
        var waiting = push.Pending().Count(id => id != runId);
        return
        [
            kept,
            .. sent.Problem is null ? [$"In MLflow's pages: {sent.Link}"]
                : new[] { $"Not sent to MLflow: {sent.Problem}", $"Nothing is lost. When that is put right: customervalue mlflow push --run {brief}" },
            .. waiting > 0 ? [$"{(waiting == 1 ? "1 earlier run waits" : $"{waiting} earlier runs wait")} to be sent: customervalue mlflow push"] : Array.Empty<string>(),
        ];
    }

    private static PushedRun Sent(MlflowPush push, string runId, MlflowSqliteStore store)
    {
        try
        {
            return push.Send([runId]).Single();
        }
        catch (MlflowException error)
        {
            return new(runId, store.Read(runId).Run.Experiment, PushOutcome.Failed, null, error.Message);
        }
    }
}
