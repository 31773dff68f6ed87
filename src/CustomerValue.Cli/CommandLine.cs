using System.CommandLine;
using System.CommandLine.Parsing;

namespace CustomerValue.Cli;

/// <summary>Parses and invokes; wrong usage is told on standard error and ends with exit code 2.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"Help: {Named(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    }

    private static string Named(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Named(parent)} {command.Command.Name}" : command.Command.Name;
}
