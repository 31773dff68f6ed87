using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;
using Microsoft.Data.Sqlite;

namespace CustomerValue.Cli.Tests.Commands.Text;

/// <summary>A training that is cancelled or killed, and its logged run: the same command goes on, as the same run.</summary>
public sealed class StoppedTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Store => _folder.In("mlflow.db");

    private string Reviews() => _folder.Write("reviews.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? $"the parcel is good number {i},yes\n" : $"the phone is bad number {i},no\n")));

    private string[] Finetune(string output, params string[] more) =>
        ["text", "finetune", Reviews(), "--column", "text", "--label", "label", "--model", RealModels.Need("bert-tiny-random"), "--output", output, "--batch-tokens", "64", "--checkpoint-every", "5", "--json", .. more];

    private StoredRun Run(string output) => MlflowSqliteStore.Open(Store, TimeProvider.System).Read(File.ReadAllText(Path.Combine(output, "run-id")));

    private static CommandRun Done(CommandRun run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return run;
    }

    // As a kill between the last file and the end of the run would leave it.
    private void Unend(string output)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand("UPDATE runs SET status = 'RUNNING', end_time = NULL WHERE run_uuid = $run", connection);
        command.Parameters.AddWithValue("$run", Run(output).Run.Id);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    [Fact]
    public void A_cancelled_training_stands_as_killed_and_the_same_command_ends_the_same_run()
    {
        var (stopped, whole) = (_folder.In("stopped"), _folder.In("whole"));
        var cancelled = RunningCommand.InterruptedAt(Store, stopped, "checkpoint-*", Finetune(stopped, "--epochs", "20"));
        Assert.Equal((130, ""), (cancelled.ExitCode, cancelled.Output));
        Assert.Equal(RunStatus.Killed, Run(stopped).Run.Status);
        Assert.NotNull(Run(stopped).Run.EndedAt);
        File.WriteAllText(Path.Combine(stopped, "model.safetensors"), "half of it");            // a kill in the middle of writing the model

        var resumed = Done(CommandRun.Logging(Store, Finetune(stopped, "--epochs", "20")));
        Assert.Equal(Run(stopped).Run.Id, resumed.Json.GetProperty("run_id").GetString());
        Assert.Equal(RunStatus.Finished, Run(stopped).Run.Status);
        Assert.Single(MlflowSqliteStore.Open(Store, TimeProvider.System).Runs());
        var steps = MlflowSqliteStore.Open(Store, TimeProvider.System).Points(Run(stopped).Run.Id).Where(p => p.Name == "loss").Select(p => p.Step).Distinct().Order().ToArray();
        Assert.Equal(Enumerable.Range(1, steps.Length).Select(s => (long)s), steps);             // one curve, without a gap

        Done(CommandRun.Logging(Store, Finetune(whole, "--epochs", "20")));
        foreach (var name in new[] { "model.safetensors", "heads.safetensors" }) Assert.Equal(File.ReadAllBytes(Path.Combine(whole, name)), File.ReadAllBytes(Path.Combine(stopped, name)));
    }

    [Fact]
    public void A_folder_that_is_whole_only_has_its_run_ended()
    {
        var output = _folder.In("tuned");
        var first = Done(CommandRun.Logging(Store, Finetune(output, "--steps", "6")));
        var weights = File.ReadAllBytes(Path.Combine(output, "model.safetensors"));
        Unend(output);
        Assert.Equal(RunStatus.Running, Run(output).Run.Status);

        var again = Done(CommandRun.Logging(Store, Finetune(output, "--steps", "6")));
        Assert.Equal(first.Output, again.Output);
        Assert.Contains("only the end of its run was missing", again.Errors, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Finished, Run(output).Run.Status);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(output, "model.safetensors")));

        var third = CommandRun.Logging(Store, Finetune(output, "--steps", "6"));
        Assert.Equal(2, third.ExitCode);
        Assert.Contains("finished model already", third.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_asked_for_otherwise_isnt_the_same_training_and_what_failed_stands_so()
    {
        var output = _folder.In("tuned");
        Done(CommandRun.Logging(Store, Finetune(output, "--steps", "3")));
        Unend(output);
        var other = CommandRun.Logging(Store, Finetune(output, "--steps", "4"));
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("'steps' of run", other.Errors, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, Run(output).Run.Status);
        Done(CommandRun.Logging(Store, Finetune(output, "--steps", "3")));
        Assert.Equal(RunStatus.Finished, Run(output).Run.Status);
    }
}
