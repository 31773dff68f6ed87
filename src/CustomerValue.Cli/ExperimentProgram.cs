using System.CommandLine;
using CustomerValue.Charts;
using CustomerValue.Experiments;
using CustomerValue.Mlflow;

namespace CustomerValue.Cli;

/// <summary>Makes an experiment file a program: <c>return await new Experiment("0001-shop") { ... }.RunAsync(args);</c></summary>
public static class ExperimentProgram
{
    internal static readonly Option<string?> Data = new("--data") { Description = "Folder of data sets that the experiment's own is found in (default: data-samples).", HelpName = "FOLDER" };
    internal static readonly Option<string?> Out = new("--out") { Description = "Output folder (default: artifacts/experiments/NAME).", HelpName = "FOLDER" };
    internal static readonly Option<int> Threads = new("--threads") { Description = "Threads of native libraries. Sums, and so last digits, depend on it; the same on every machine unless told otherwise.", DefaultValueFactory = _ => 2 };
    internal static readonly Option<bool> Fresh = new("--fresh") { Description = "Do every stage anew instead of going on from finished ones." };

    /// <summary>Runs the experiment as told by the command line; results go to <c>artifacts/experiments/NAME</c>.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="args">Options: --data, --out, --threads, --fresh, --json, --verbose, --help.</param>
    /// <returns>Exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled.</returns>
    public static async Task<int> RunAsync(this Experiment experiment, string[] args)
    {
        var command = new RootCommand(experiment.Question) { Data, Out, Threads, Fresh, Shared.Json, Shared.Verbose };
        command.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Run(experiment, parsed, terminal, cancellation), CancellationToken.None));
        return await CommandLine.InvokeAsync(command, args);
    }

    private static ExperimentResult Run(Experiment experiment, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var root = Checkout.Root;
        var output = parsed.GetValue(Out) ?? Path.Combine(root, "artifacts", "experiments", experiment.Name);
        Directory.CreateDirectory(output);
        var packages = parsed.GetValue(Out) is { } elsewhere ? Path.Combine(elsewhere, "package") : Path.Combine(root, "artifacts", "package");
        var places = RunPlaces.Chosen();
        var tracker = MlflowSqliteStore.OpenOrCreate(places.StoreFile, TimeProvider.System);
        var data = Path.GetFullPath(parsed.GetValue(Data) ?? Path.Combine(root, "data-samples"));
        var result = new ExperimentRunner(experiment, new()
        {
            DataFolder = data,
            DataName = Path.GetRelativePath(root, data).Replace('\\', '/'),
            OutputFolder = output,
            Threads = parsed.GetValue(Threads),
            Fresh = parsed.GetValue(Fresh),
            Commit = Checkout.Commit(),
            User = Environment.UserName,
            Source = $"experiments/{experiment.Name}/experiment.cs",
            Time = TimeProvider.System,
            Tracker = tracker,
            Registry = tracker,
            Progress = terminal,
            Codecs = PackageCodecs.All,
            Plots = ExperimentCharts.Draw,
            PackageFolder = packages,
        }).Run(cancellation);
        ExperimentSummary.Show(result, experiment, Path.GetRelativePath(Environment.CurrentDirectory, output), terminal);
        if (result.Package is not null)
            terminal.Line($"Package: {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(packages, experiment.Name + ".zip"))}. Score customers with it: customervalue score --package FILE --input FEATURES --output SCORES");
        foreach (var line in RunPlaces.Deliver(places, tracker, result.RunId, terminal, cancellation)) terminal.Line(line);
        return result;
    }
}
