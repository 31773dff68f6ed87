using System.CommandLine;
using System.CommandLine.Parsing;
using CustomerValue.Cli.Commands;

namespace CustomerValue.Cli;

/// <summary>Parses and invokes; wrong usage is told on standard error and ends with exit code 2.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        // A mistyped option would otherwise pass for an argument's value.
        var mistyped = parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash)
            .Where(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal)).Select(t => $"There is no option '{t.Value}'.");
        string[] errors = [.. mistyped, .. parsed.Errors.Select(e => e.Message)];
        if (errors.Length > 0)
        {
            foreach (var error in errors) await Console.Error.WriteLineAsync(error);
            await Console.Error.WriteLineAsync($"Help: {Named(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }
        TimeSpan? ending = parsed.CommandResult.Command == NotebookKernelCommands.Kernel ? null : TimeSpan.FromSeconds(30);       // null leaves signals to the command
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = ending });
    }

    private static string Named(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Named(parent)} {command.Command.Name}" : command.Command.Name;
}
