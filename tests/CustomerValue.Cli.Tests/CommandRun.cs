using System.Text.Json;

namespace CustomerValue.Cli.Tests;

/// <summary>The command line program run as a process of its own, as a script would.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>A run whose logged runs go to a store of its own.</summary>
    public static CommandRun Logging(string store, params string[] arguments)
    {
        using var running = RunningCommand.StartLogging(store, arguments);
        return running.Ended();
    }

    public static CommandRun Of(params string[] arguments)
    {
        using var running = RunningCommand.Start(arguments);
        return running.Ended();
    }
}
