using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using CustomerValue.Experiments;
using CustomerValue.Mlflow;
using CustomerValue.Tracking;
using Spectre.Console;

namespace CustomerValue.Cli.Commands;

/// <summary>Repeats a logged run in a clean folder and holds the two against each other.</summary>
internal static class ReproduceCommand
{
    private static readonly Option<string?> s_run = new("--run") { Description = "The run, by its id or the beginning of it.", HelpName = "ID" };
    private static readonly Option<bool> s_latest = new("--latest") { Description = "The run that finished last." };
    private static readonly Option<string?> s_data = new("--data") { Description = "Folder of data sets (default: the one that the run names).", HelpName = "FOLDER" };
    private static readonly Option<int?> s_threads = new("--threads") { Description = "Threads of native libraries (default: as many as the run had)." };
    private static readonly Option<bool> s_anyway = new("--anyway") { Description = "Repeat it also where commit, threads or .NET differ, to see what that changes." };

    public static Command Create() => new Command("reproduce",
        """
        Repeat a logged run in a clean folder, and compare every figure, and the bytes of package and plots, with what was logged.

        Checks commit, threads and version of .NET first, then data, packages' versions, labels, the figures of every candidate, the winners, the package and the plots.
        Fails by name where something differs, and says which of it may have another cause: another processor, another thread count, changes never committed.
        Needs the .NET SDK and the checkout at the run's commit.

        Examples:
          customervalue reproduce --latest
          customervalue reproduce --run 3f2a --data ../shared/data
        """) { s_run, s_latest, s_data, s_threads, s_anyway, RunsCommand.Store }.Does(Run, result => !((Reproduction)result).Holds);

    private static async Task<object> Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var root = Checkout.Root;
        var store = RunPlaces.Read(parsed.GetValue(RunsCommand.Store));
        var stored = store.Read(Chosen(store, parsed.GetValue(s_run), parsed.GetValue(s_latest)));
        var logged = new RepeatableRun(RunResultFile.Read(Bytes(store, stored, "result.json")), StoodOn(Bytes(store, stored, RunEnvironment.FileName)), Plots(store, stored));
        var threads = parsed.GetValue(s_threads) ?? logged.Result.Threads;

        var before = Reproduction.Before(logged, Checkout.Commit(), Environment.Version.ToString(), threads);
        if (before.Any(p => p.Agreement == Agreement.Differs) && !parsed.GetValue(s_anyway))
        {
            var refused = new Reproduction(stored.Run.Id, before);
            Show(refused, logged, terminal);
            terminal.Line($"It wasn't repeated. {Cure(before, store, stored.Run.Id)} Or give --anyway, to see what that changes.");
            return refused;
        }

        var place = Path.Combine(root, "artifacts", "reproduce", stored.Run.Id);
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        Directory.CreateDirectory(place);
        var name = logged.Result.Experiment;
        var file = Path.Combine(root, "experiments", name, "experiment.cs");
        if (!File.Exists(file)) throw new UsageException($"The run is of the experiment '{name}', and there is no {file}. Run this inside the checkout that has it.");
        var data = parsed.GetValue(s_data) ?? Path.GetFullPath(stored.Tags.GetValueOrDefault("data", "data-samples"), root);
        terminal.Line($"Repeating run {stored.Run.Id} of {name} in {Path.GetRelativePath(Environment.CurrentDirectory, place)}.");
        string[] truth = stored.Tags.TryGetValue("truth", out var lies) ? ["--truth", Path.GetFullPath(lies, root)] : [];
        var code = await ExperimentProcess.Run(file, ["--data", data, "--out", place, "--threads", Terminal.Text($"{threads}"), "--fresh", .. truth], $"sqlite:///{Path.Combine(place, "mlflow.db")}", cancellation);
        if (code != ExitCode.Done) throw new InvalidOperationException($"The repetition ended with exit code {code}, so there is nothing to compare. What it wrote is in {place}.");

        var repeated = new RepeatableRun(RunResultFile.Read(File.ReadAllBytes(Path.Combine(place, "result.json"))), StoodOn(File.ReadAllBytes(Path.Combine(place, RunEnvironment.FileName))), Plots(Path.Combine(place, "plots")));
        var reproduction = Reproduction.Of(logged, repeated);
        Show(reproduction, logged, terminal);
        if (reproduction.Holds) Directory.Delete(place, recursive: true);
        else terminal.Line($"The repetition is kept in {Path.GetRelativePath(Environment.CurrentDirectory, place)}.");
        return reproduction;
    }

    private static string Chosen(MlflowSqliteStore store, string? wanted, bool latest)
    {
        if ((wanted is null) != latest) throw new UsageException("Say which run: --run ID, or --latest for the one that finished last. 'customervalue runs list' lists them.");
        if (wanted is not null) return RunPlaces.Id(store, wanted);
        return store.Runs().Where(r => r.Status == RunStatus.Finished).MaxBy(r => r.EndedAt)?.Id
            ?? throw new UsageException($"No run has finished in {store.File} yet. 'customervalue experiment 0001-shop' makes one.");
    }

    private static byte[] Bytes(MlflowSqliteStore store, StoredRun run, string path)
    {
        if (!run.Artifacts.Contains(path))
            throw new UsageException($"Run {run.Run.Id} has no {path} among its artifacts, so it can't be compared. A run that {(run.Run.Status == RunStatus.Finished ? "this program logged" : "finished")} has.");
        using var stream = store.OpenArtifact(run.Run.Id, path);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static Dictionary<string, string> Plots(MlflowSqliteStore store, StoredRun run) => run.Artifacts.Where(path => path.StartsWith("plots/", StringComparison.Ordinal)).ToDictionary(
        path => path["plots/".Length..],
        path =>
        {
            using var stream = store.OpenArtifact(run.Run.Id, path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        });

    private static Dictionary<string, string> Plots(string folder) => !Directory.Exists(folder) ? [] :
        Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));

    private static RunEnvironment StoodOn(byte[] json) => JsonSerializer.Deserialize<RunEnvironment>(json, ExperimentResult.Json)!;

    private static void Show(Reproduction reproduction, RepeatableRun logged, Terminal terminal)
    {
        var told = reproduction.Points.Where(p => p.Agreement != Agreement.Same).ToList();
        if (told.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("what", "logged", "repeated", "");
            foreach (var point in told)
                table.AddRow(Markup.Escape(point.Name), Markup.Escape(point.Logged), Markup.Escape(point.Repeated), point.Agreement == Agreement.Differs ? "differs" : "not sure");
            terminal.Show(table);
        }
        var (differing, unsure) = (told.Count(p => p.Agreement == Agreement.Differs), told.Count(p => p.Agreement == Agreement.Unsure));
        var sure = unsure == 0 ? "" : Terminal.Text($" Of {unsure} it can't be sure: uncommitted changes are known to nobody, and last digits may depend on processor and thread count.");
        terminal.Line(reproduction.Holds
            ? Terminal.Text($"Run {reproduction.RunId} of {logged.Result.Experiment} repeats: {reproduction.Points.Count} points compared, none differs.{sure}")
            : Terminal.Text($"Run {reproduction.RunId} of {logged.Result.Experiment} doesn't repeat: {differing + unsure} of {reproduction.Points.Count} points differ: {string.Join(", ", told.Take(8).Select(p => p.Name))}{(told.Count > 8 ? ", ..." : "")}.{sure}"));
    }

    private static string Cure(IReadOnlyList<ReproductionPoint> before, MlflowSqliteStore store, string run) => string.Join(' ', before.Where(p => p.Agreement == Agreement.Differs).Select(p => p.Name switch
    {
        "commit" => $"Check out its commit beside this one (git worktree add ../repeat {p.Logged.Split('+')[0]}), and there, once built: customervalue reproduce --run {run[..8]} --store {store.File}.",
        "threads" => $"Leave --threads out, and it runs on {p.Logged}.",
        _ => $"It ran on .NET {p.Logged}; this is {p.Repeated}.",
    }));
}
