using System.CommandLine;

namespace CustomerValue.Cli;

/// <summary>The commands, in the order data flows. One file a command, under Commands/.</summary>
internal static class Catalogue
{
    public static IEnumerable<Command> All()
    {
        yield return Commands.ExperimentCommand.Create();
        yield return Commands.EvaluateCommand.Create();
    }
}
