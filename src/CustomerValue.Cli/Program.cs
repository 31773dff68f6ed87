using System.CommandLine;

namespace CustomerValue.Cli;

internal static class Program
{
    /// <summary>Exit codes: 0 done, 1 the work failed, 2 wrong usage, 130 cancelled.</summary>
    private static Task<int> Main(string[] args)
    {
        var root = new RootCommand("From a shop's raw records to customer value, churn and what to do about it. Try: customervalue COMMAND --help")
        {
            Shared.Json, Shared.Verbose,
        };
        foreach (var command in Catalogue.All()) root.Subcommands.Add(command);
        return CommandLine.InvokeAsync(root, args);
    }
}
