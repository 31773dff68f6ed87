using System.CommandLine;
using CustomerValue.Mlflow;

namespace CustomerValue.Cli.Commands;

/// <summary>Sends logged runs to an MLflow server.</summary>
internal static class MlflowCommand
{
    private static readonly Option<string?> s_run = new("--run") { Description = "The run, by its id or the beginning of it (default: every ended run that this server hasn't got from here).", HelpName = "ID" };
    private static readonly Option<string?> s_to = new("--to") { Description = "The server (default: MLFLOW_TRACKING_URI).", HelpName = "URI" };

    public static Command Create() => new Command("mlflow",
        """
        What is between the runs logged here and an MLflow server.

        Runs are always written into a file first (artifacts/mlflow/mlflow.db, or MLFLOW_TRACKING_URI=sqlite:///FILE). With MLFLOW_TRACKING_URI=http://HOST:PORT they
        are sent from there as they end; what couldn't be sent, push sends later.

        Example:
          customervalue mlflow push --to http://127.0.0.1:5000
        """) { Push() };

    private static Command Push() => new Command("push",
        """
        Send runs to an MLflow server: settings, figures, tags, data sets, files, the runs inside them, registered models.

        A run that is there isn't sent again, and one that broke off goes on, so it does no harm to push twice. User and password come from MLFLOW_TRACKING_USERNAME and
        MLFLOW_TRACKING_PASSWORD, or a token from MLFLOW_TRACKING_TOKEN. A run that hasn't ended is sent only by its id.

        Examples:
          MLFLOW_TRACKING_URI=http://127.0.0.1:5000 customervalue mlflow push
          customervalue mlflow push --run 3f9a1c --to https://mlflow.example.com
        """) { s_run, s_to, RunsCommand.Store }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var server = RunPlaces.Chosen(parsed.GetValue(s_to)).Server ?? throw new UsageException("Say which server: --to http://HOST:PORT, or set MLFLOW_TRACKING_URI to it.");
        var store = RunPlaces.Read(parsed.GetValue(RunsCommand.Store));
        using var client = new MlflowRestClient(server, TimeProvider.System, cancellation);
        var push = new MlflowPush(store, client, terminal);
        var runs = push.Send(parsed.GetValue(s_run) is { } run ? [RunPlaces.Id(store, run)] : push.Pending());
        foreach (var sent in runs)
            terminal.Line(sent.Outcome switch
            {
                PushOutcome.Sent => $"sent       {sent.RunId[..8]}  {sent.Experiment}  {sent.Link}",
                PushOutcome.There => $"was there  {sent.RunId[..8]}  {sent.Experiment}  {sent.Link}",
                _ => $"NOT SENT   {sent.RunId[..8]}  {sent.Experiment}",
            });
        foreach (var problem in runs.Select(r => r.Problem).Where(p => p is not null).Distinct()) terminal.Error(problem!);
        terminal.Line(runs.Count == 0 ? $"{server} has every ended run of {store.File}." : $"{runs.Count(r => r.Outcome != PushOutcome.Failed)} of {runs.Count} runs are at {server}.");
        return runs;
    }, CancellationToken.None), failed: result => ((IReadOnlyList<PushedRun>)result).Any(r => r.Outcome == PushOutcome.Failed));
}
