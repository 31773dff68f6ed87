using System.CommandLine;
using CustomerValue.Cli.Commands;

namespace CustomerValue.Cli;

/// <summary>The commands, in the order data flows. One file a command, under Commands/.</summary>
internal static class Catalogue
{
    public static IEnumerable<Command> Commands()
    {
        yield return SimulateCommand.Create();
    }
}
