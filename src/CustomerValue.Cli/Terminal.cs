using System.Globalization;
using Spectre.Console;

namespace CustomerValue.Cli;

/// <summary>What a person sees while a command works: text, tables and progress. Bars on a terminal, plain lines elsewhere;
/// on standard error when standard output carries JSON.</summary>
internal sealed class Terminal : IDisposable, IProgress<StageProgress>
{
    private readonly IAnsiConsole _console;
    private readonly ProgressLine _progress;

    public Terminal(bool json)
    {
        var writer = json ? Console.Error : Console.Out;
        var interactive = json ? !Console.IsErrorRedirected : !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!interactive) _console.Profile.Width = 200;
        _progress = new ProgressLine(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
    }

    /// <summary>A line of plain text; markup characters are shown as they are.</summary>
    public void Line(string text = "")
    {
        _progress.Clear();
        _console.WriteLine(text);
    }

    /// <summary>A table or another rendered block.</summary>
    public void Show(Spectre.Console.Rendering.IRenderable block)
    {
        _progress.Clear();
        _console.Write(block);
    }

    /// <summary>A sentence on standard error.</summary>
    public void Error(string text)
    {
        _progress.Clear();
        Console.Error.WriteLine(text);
    }

    public void Report(StageProgress value) => _progress.Report(value);

    public void Dispose() => _progress.Clear();

    /// <summary>Numbers as everywhere in the output: invariant culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
