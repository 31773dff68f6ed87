using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using CustomerValue.Experiments;

namespace CustomerValue.Cli;

internal static class ExitCode
{
    public const int Done = 0, Failed = 1, Usage = 2, Cancelled = 130;
}

/// <summary>The work can't start because of how it was asked for; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What every command shares: the options --json and --verbose, and how an action starts, speaks and ends.</summary>
internal static class Shared
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document on standard output; all else goes to standard error.", Recursive = true };
    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Show stack traces and more detail.", Recursive = true };

    /// <summary>Documents look as results do; names of enumerations as words.</summary>
    public static readonly JsonSerializerOptions JsonOptions = new(ExperimentResult.Json) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    /// <summary>Makes <paramref name="work"/> the action of <paramref name="command"/>. What it returns is printed as JSON under --json;
    /// without, the work has already told the reader through the terminal.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Reads the parsed options, does the work, returns the result document.</param>
    /// <param name="failed">Whether a result means failure (exit code 1), as for a check that wasn't met.</param>
    /// <param name="cancelled">What to say of a cancelled command.</param>
    public static Command Does(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<object>> work, Func<object, bool>? failed = null,
        string cancelled = "Cancelled. What was finished is kept; the same command goes on from there.")
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            var verbose = parsed.GetValue(Verbose);
            using var terminal = new Terminal(parsed.GetValue(Json));
            try
            {
                var result = await work(parsed, terminal, cancellation);
                if (parsed.GetValue(Json)) terminal.Document(JsonSerializer.Serialize(result, result.GetType(), JsonOptions));
                return failed?.Invoke(result) == true ? ExitCode.Failed : ExitCode.Done;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                terminal.Error(cancelled);
                return ExitCode.Cancelled;
            }
            catch (UsageException error)
            {
                terminal.Error(verbose ? error.ToString() : error.Message);
                return ExitCode.Usage;
            }
#pragma warning disable CA1031 // the outermost edge: whatever went wrong ends as a sentence and an exit code
            catch (Exception error)
#pragma warning restore CA1031
            {
                terminal.Error(verbose ? error.ToString() : Sentence(error));
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static string Sentence(Exception error) =>
        error is AggregateException { InnerExceptions.Count: 1 } or TypeInitializationException && error.InnerException is { } inner ? Sentence(inner) : error.Message;
}
