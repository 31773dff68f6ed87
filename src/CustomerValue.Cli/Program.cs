using System.CommandLine;
using System.CommandLine.Parsing;

namespace CustomerValue.Cli;

internal static class Program
{
    /// <summary>Exit codes: 0 done, 1 the work failed, 2 wrong usage, 130 cancelled.</summary>
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("From a shop's raw records to customer value, churn and what to do about it. Try: customervalue COMMAND --help")
        {
            Shared.Json, Shared.Verbose,
        };
        foreach (var command in Catalogue.Commands()) root.Subcommands.Add(command);

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"Help: customervalue {Named(parsed.CommandResult)}--help");
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync();
    }

    private static string Named(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Named(parent)}{command.Command.Name} " : "";
}
