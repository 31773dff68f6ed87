using System.CommandLine;

namespace CustomerValue.Cli.Commands;

/// <summary>Runs an experiment file with the SDK, as <c>dotnet run</c> does, with the options that it takes.</summary>
internal static class ExperimentCommand
{
    private static readonly Argument<string?> s_name = new("NAME")
    {
        Description = "The experiment's folder under experiments/, or the beginning of its name; left out: a list of them.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("experiment",
            """
            Run an experiment: records, features, candidates, evaluation, winner.

            Results go to artifacts/experiments/NAME: result.json, predictions.parquet and the logged run. A run that was stopped goes on from
            its finished stages. Needs the .NET SDK and the checkout; the experiment's file says all that the result depends on.

            Examples:
              customervalue experiment                                                     list what there is
              customervalue experiment 0001-shop
              customervalue experiment 0002-online-retail --data ../shared/data --fresh
            """) { s_name, ExperimentProgram.Data, ExperimentProgram.Out, ExperimentProgram.Threads, ExperimentProgram.Fresh, ExperimentProgram.Truth };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var terminal = new Terminal(parsed.GetValue(Shared.Json));
            var folder = Path.Combine(Checkout.Root, "experiments");
            string[] names = Directory.Exists(folder)
                ? [.. Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, "experiment.cs"))).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)] : [];
            if (names.Length == 0)
            {
                terminal.Error($"There are no experiments in {folder}. Run this inside a checkout of CustomerValue.");
                return ExitCode.Usage;
            }
            if (parsed.GetValue(s_name) is not { } wanted) return List(folder, names, parsed.GetValue(Shared.Json), terminal);
            string[] found = names.Contains(wanted) ? [wanted] : [.. names.Where(n => n.StartsWith(wanted, StringComparison.Ordinal))];
            if (found.Length == 1) return await Run(Path.Combine(folder, found[0], "experiment.cs"), parsed, terminal, cancellation);
            terminal.Error($"'{wanted}' names {(found.Length == 0 ? "no experiment" : "several experiments")}. There are: {string.Join(", ", names)}.");
            return ExitCode.Usage;
        });
        return command;
    }

    private static int List(string folder, string[] names, bool json, Terminal terminal)
    {
        var rows = names.Select(name => new { Name = name, Question = Question(Path.Combine(folder, name, "experiment.cs")) }).ToList();
        foreach (var row in rows) terminal.Line($"{row.Name}  {row.Question}");
        if (json) terminal.Document(System.Text.Json.JsonSerializer.Serialize(rows, Shared.JsonOptions));
        return ExitCode.Done;
    }

    private static string Question(string file) =>
        File.ReadLines(file).FirstOrDefault(l => l.StartsWith("// Question:", StringComparison.Ordinal)) is { } line ? line["// Question:".Length..].Trim() : "";

    private static async Task<int> Run(string file, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return await ExperimentProcess.Run(file, Options(parsed), tracking: null, cancellation);
        }
        catch (InvalidOperationException error)
        {
            terminal.Error(error.Message);
            return ExitCode.Failed;
        }
    }

    private static IEnumerable<string> Options(ParseResult parsed)
    {
        if (parsed.GetValue(ExperimentProgram.Data) is { } data) { yield return "--data"; yield return data; }
        if (parsed.GetValue(ExperimentProgram.Out) is { } output) { yield return "--out"; yield return output; }
        yield return "--threads";
        yield return Terminal.Text($"{parsed.GetValue(ExperimentProgram.Threads)}");
        if (parsed.GetValue(ExperimentProgram.Fresh)) yield return "--fresh";
        if (parsed.GetValue(ExperimentProgram.Truth) is { } truth) { yield return "--truth"; yield return truth; }
        if (parsed.GetValue(Shared.Json)) yield return "--json";
        if (parsed.GetValue(Shared.Verbose)) yield return "--verbose";
    }
}
