using System.CommandLine;
using CustomerValue.Charts;
using CustomerValue.Experiments;
using CustomerValue.Mlflow;

namespace CustomerValue.Cli;

/// <summary>Makes an experiment file a program: <c>return await new Experiment("0001-shop") { ... }.RunAsync(args);</c></summary>
public static class ExperimentProgram
{
    internal static readonly Option<string?> Data = new("--data") { Description = "Folder of data sets that the experiment's own is found in (default: data-samples).", HelpName = "FOLDER" };
    internal static readonly Option<string?> Models = new("--models") { Description = "Folder of published models that candidates begin with (default: models beside the folder of data sets).", HelpName = "FOLDER" };
    internal static readonly Option<string?> Out = new("--out") { Description = "Output folder (default: artifacts/experiments/NAME).", HelpName = "FOLDER" };
    internal static readonly Option<int> Threads = new("--threads") { Description = "Threads of native libraries. Sums, and so last digits, depend on it; the same on every machine unless told otherwise.", DefaultValueFactory = _ => 2 };
    internal static readonly Option<bool> Fresh = new("--fresh") { Description = "Do every stage anew instead of going on from finished ones." };

    internal static readonly Option<string?> Truth = new("--truth") { Description = "Of a simulated shop: the folder of its truth, with the oracle's answers at the test cutoff ('simulate --truth DIR --oracle DATE'). Adds what could be foreseen at best.", HelpName = "DIR" };

    /// <summary>Runs the experiment as told by the command line; results go to <c>artifacts/experiments/NAME</c>.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="args">Options: --data, --models, --out, --threads, --fresh, --truth, --json, --verbose, --help.</param>
    /// <returns>Exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled.</returns>
    public static Task<int> RunAsync(this Experiment experiment, string[] args) => RunAsync(experiment, args, truth: null, shop: null);

    /// <summary>Runs an experiment on a simulated shop whose truth lies beside it; it is read after all candidates have answered.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="args">As for any experiment; --truth takes the place of the folder given here.</param>
    /// <param name="truth">The folder of the truth, from the checkout.</param>
    /// <inheritdoc cref="RunAsync(Experiment, string[])" path="/returns"/>
    public static Task<int> RunAsync(this Experiment experiment, string[] args, string truth) => RunAsync(experiment, args, truth, shop: null);

    /// <summary>Runs an experiment on a shop that is made for it, where it hasn't been made before; its truth is read after all candidates have answered.</summary>
    /// <param name="experiment">The experiment; its data are those of the shop.</param>
    /// <param name="args">As for any experiment.</param>
    /// <param name="shop">The shop.</param>
    /// <inheritdoc cref="RunAsync(Experiment, string[])" path="/returns"/>
    public static Task<int> RunAsync(this Experiment experiment, string[] args, MadeShop shop) => RunAsync(experiment, args, shop.HasOracle ? shop.Truth : null, shop);

    /// <summary>Runs an experiment on whatever shop --data names: its cutoffs follow from the shop, which is looked through first.</summary>
    /// <param name="experiment">The experiment for a shop; it bears the name and asks the question given here.</param>
    /// <param name="name">Short name, that of its folder.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="args">As for any experiment.</param>
    /// <inheritdoc cref="RunAsync(Experiment, string[])" path="/returns"/>
    public static Task<int> RunAsync(this Func<OwnShop, Experiment> experiment, string name, string question, string[] args) => RunAsync(name, question, args,
        (options, parsed, terminal, cancellation) => Run(experiment(OwnShop.In(options.DataFolder, terminal, cancellation)), options, parsed, truth: null, terminal, cancellation), Truth);

    private static Task<int> RunAsync(Experiment experiment, string[] args, string? truth, MadeShop? shop) => RunAsync(experiment.Name, experiment.Question, args, (options, parsed, terminal, cancellation) =>
    {
        shop?.Make(options.Threads, terminal, cancellation);
        return Run(experiment, options, parsed, truth, terminal, cancellation);
    }, Truth);

    private static ExperimentResult Run(Experiment experiment, RunOptions options, ParseResult parsed, string? truth, Terminal terminal, CancellationToken cancellation)
    {
        var lies = parsed.GetValue(Truth) is { } asked ? Path.GetFullPath(asked) : truth is null ? null : Path.Combine(Checkout.Root, truth);
        var result = new ExperimentRunner(experiment, options with
        {
            Codecs = PackageCodecs.All, Plots = ExperimentCharts.Draw, Truth = lies is null ? null : TruthOf.Folder(lies, experiment.Pseudonyms),
            TruthName = parsed.GetValue(Truth) is null ? null : Path.GetRelativePath(Checkout.Root, lies!).Replace('\\', '/'),
        }).Run(cancellation);
        ExperimentSummary.Show(result, experiment, Shown(options.OutputFolder), terminal);
        if (result.Package is not null)
            terminal.Line($"Package: {Shown(options.PackagePlace(experiment.Name) + ".zip")}. Score customers with it: customervalue score --package FILE --input FEATURES --output SCORES");
        return result;
    }

    /// <inheritdoc cref="RunAsync(Experiment, string[])"/>
    public static Task<int> RunAsync(this TextExperiment experiment, string[] args) => RunAsync(experiment.Name, experiment.Question, args, (options, _, terminal, cancellation) =>
    {
        var result = new TextExperimentRunner(experiment, options with { Codecs = PackageCodecs.All, TextPlots = ExperimentCharts.Draw }).Run(cancellation);
        FiguresSummary.Show(result, [.. experiment.Metrics.Select(m => m.Figure)], experiment.ChosenBy.Figure, terminal);
        terminal.Line($"Look: {Shown(Path.Combine(options.OutputFolder, "result.json"))}, {Shown(Path.Combine(options.OutputFolder, "predictions.parquet"))}, {Shown(Path.Combine(options.OutputFolder, "plots"))}");
        if (result.Package is { } package)
            terminal.Line(Terminal.Text($"Package: {Shown(options.PackagePlace(experiment.Name) + ".zip")}, {package.Bytes / 1e6:0.0} MB. Ask it: customervalue text classify --package FILE --text TEXT"));
        return result;
    });

    /// <inheritdoc cref="RunAsync(Experiment, string[])"/>
    public static Task<int> RunAsync(this FigureExperiment experiment, string[] args) => RunAsync(experiment.Name, experiment.Question, args, (options, _, terminal, cancellation) =>
    {
        var result = new FigureExperimentRunner(experiment, options).Run(cancellation);
        FiguresSummary.Show(result, experiment.Figures, experiment.ChosenBy, terminal);
        terminal.Line($"Look: {Shown(Path.Combine(options.OutputFolder, "result.json"))}");
        return result;
    });

    private static async Task<int> RunAsync(string name, string question, string[] args, Func<RunOptions, ParseResult, Terminal, CancellationToken, IRunResult> run, params IReadOnlyList<Option> more)
    {
        var command = new RootCommand(question) { Data, Models, Out, Threads, Fresh, Shared.Json, Shared.Verbose };
        foreach (var option in more) command.Add(option);
        command.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
        {
            var places = RunPlaces.Chosen();
            var tracker = MlflowSqliteStore.OpenOrCreate(places.StoreFile, TimeProvider.System);
            var result = run(Options(name, parsed, tracker, terminal), parsed, terminal, cancellation);
            foreach (var line in RunPlaces.Deliver(places, tracker, result.RunId, terminal, cancellation)) terminal.Line(line);
            return result;
        }, CancellationToken.None));
        return await CommandLine.InvokeAsync(command, args);
    }

    private static RunOptions Options(string name, ParseResult parsed, MlflowSqliteStore tracker, Terminal terminal)
    {
        var root = Checkout.Root;
        var output = parsed.GetValue(Out) ?? Path.Combine(root, "artifacts", "experiments", name);
        Directory.CreateDirectory(output);
        var data = Path.GetFullPath(parsed.GetValue(Data) ?? Path.Combine(root, "data-samples"));
        return new()
        {
            DataFolder = data,
            DataName = Path.GetRelativePath(root, data).Replace('\\', '/'),
            ModelFolder = Path.GetFullPath(parsed.GetValue(Models) ?? Path.Combine(data, "..", "models")),
            TaughtFolder = parsed.GetValue(Out) is { } apart ? Path.Combine(apart, "taught") : Path.Combine(root, "artifacts", "taught"),
            OutputFolder = output,
            Threads = parsed.GetValue(Threads),
            Fresh = parsed.GetValue(Fresh),
            Commit = Checkout.Commit(),
            User = Environment.UserName,
            Source = $"experiments/{name}/experiment.cs",
            Time = TimeProvider.System,
            Tracker = tracker,
            Registry = tracker,
            Progress = terminal,
            PackageFolder = parsed.GetValue(Out) is { } elsewhere ? Path.Combine(elsewhere, "package") : Path.Combine(root, "artifacts", "package"),
        };
    }

    private static string Shown(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);
}
