using System.CommandLine;
using CustomerValue.Cli.Commands;
using CustomerValue.Cli.Commands.Text;

namespace CustomerValue.Cli;

/// <summary>The commands, in the order data flows. One file a command, under Commands/.</summary>
internal static class Catalogue
{
    public static IEnumerable<Command> All()
    {
        yield return IngestCommand.Create();
        yield return SimulateCommand.Create();
        yield return FeaturesCommand.Create();
        yield return ExperimentCommand.Create();
        yield return EvaluateCommand.Create();
        yield return ReproduceCommand.Create();
        yield return PackageCommand.Create();
        yield return ScoreCommand.Create();
        yield return TextCommand.Create();
        yield return NotebookCommand.Create();
        yield return RunsCommand.Create();
        yield return MlflowCommand.Create();
        yield return ConformanceCommand.Create();
        yield return BenchCommand.Create();
    }
}
