using System.Globalization;
using Spectre.Console;

namespace CustomerValue.Cli;

/// <summary>What a person sees while a command works: text, tables and progress. Bars on a terminal, plain lines elsewhere;
/// on standard error when standard output carries JSON. Progress is always on standard error.</summary>
internal sealed class Terminal : IDisposable, IProgress<StageProgress>
{
    private readonly IAnsiConsole _console;
    private readonly IProgressDisplay _progress;

    public Terminal(bool json)
    {
        _console = Open(json ? Console.Error : Console.Out, json ? !Console.IsErrorRedirected : !Console.IsOutputRedirected);
        var errors = Open(Console.Error, !Console.IsErrorRedirected);
        _progress = errors.Profile.Capabilities is { Ansi: true, Interactive: true } ? new ProgressBars(errors, TimeProvider.System) : new ProgressLines(Console.Error, TimeProvider.System);
        AppDomain.CurrentDomain.ProcessExit += Leave;                // a work that doesn't heed the interrupt is ended with its bars on the screen
    }

    /// <summary>A line of plain text, as it stands: the terminal breaks it, so that a path in it can be copied.</summary>
    public void Line(string text = "") => _progress.Quietly(() => _console.Profile.Out.Writer.WriteLine(text));

    /// <summary>A piece of a line that goes on.</summary>
    public void Piece(string text) => _progress.Quietly(() =>
    {
        _console.Profile.Out.Writer.Write(text);
        _console.Profile.Out.Writer.Flush();
    });

    /// <summary>A table or another rendered block.</summary>
    public void Show(Spectre.Console.Rendering.IRenderable block) => _progress.Quietly(() => _console.Write(block));

    /// <summary>A sentence on standard error.</summary>
    public void Error(string text) => _progress.Quietly(() => Console.Error.WriteLine(text));

    /// <summary>The result document, on standard output.</summary>
    public void Document(string json) => _progress.Quietly(() => Console.Out.WriteLine(json));

    public void Report(StageProgress value) => _progress.Report(value);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Leave;
        _progress.Dispose();
    }

    /// <summary>Numbers as everywhere in the output: invariant culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Leave(object? sender, EventArgs e) => _progress.Dispose();

    private static IAnsiConsole Open(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal) console.Profile.Width = 200;
        return console;
    }
}
