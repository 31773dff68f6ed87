using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace CustomerValue.Notebooks;

/// <summary>Says what went wrong in a cell, at which lines of cells, and nothing of how cells are run.</summary>
internal static partial class CellFailure
{
    private const int MostDiagnostics = 10;

    /// <param name="errors">The compiler's.</param>
    /// <param name="label">The cell that failed; errors may stand in a file that it loads.</param>
    public static CellError Of(IReadOnlyList<Diagnostic> errors, string label)
    {
        var trace = errors.Take(MostDiagnostics).SelectMany(error =>
        {
            var (at, text) = (error.Location.GetLineSpan(), error.Location.SourceTree?.GetText().Lines);
            var said = $"{Path.GetFileName(at.Path)}, line {at.StartLinePosition.Line + 1}, column {at.StartLinePosition.Character + 1}: {error.Id}: {Message(error)}";
            return text is not null && at.StartLinePosition.Line < text.Count ? [said, $"    {text[at.StartLinePosition.Line].ToString().Trim()}"] : new[] { said };
        }).ToList();
        if (errors.Count > MostDiagnostics) trace.Add($"... and {errors.Count - MostDiagnostics} more");
        var first = errors[0].Location.GetLineSpan();
        return new("CompilationError", $"{errors[0].Id}: {Message(errors[0])}", first.Path == label ? first.StartLinePosition.Line + 1 : 0, trace);
    }

    public static CellError Of(DirectiveException error, string label) => new("DirectiveError", error.Message, error.Line, [$"{label}, line {error.Line}: {error.Message}"]);

    /// <param name="error">What the code threw.</param>
    /// <param name="label">The cell that failed.</param>
    /// <param name="isCell">Whether a name is that of a cell of the session.</param>
    public static CellError Of(Exception error, string label, Func<string, bool> isCell)
    {
        while (error is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } && error.InnerException is { } inner) error = inner;
        var frames = Frames(error, isCell).ToList();
        var trace = new List<string>();
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            trace.Add($"{(cause == error ? "" : "because of ")}{cause.GetType().FullName}: {cause.Message}");
            trace.AddRange(Frames(cause, isCell).Select(frame => $"    at {frame.Cell}, line {frame.Line}{frame.Where}"));
        }
        return new(error.GetType().FullName!, error.Message, frames.LastOrDefault(frame => frame.Cell == label).Line, trace);
    }

    private static IEnumerable<(string Cell, int Line, string Where)> Frames(Exception error, Func<string, bool> isCell) =>
        from frame in new StackTrace(error, fNeedFileInfo: true).GetFrames()
        let cell = Path.GetFileName(frame.GetFileName() ?? "")
        where cell.Length > 0 && isCell(cell)
        select (cell, frame.GetFileLineNumber(), Where(frame.GetMethod()));

    /// <summary>The user's own method that a frame is of; nothing for code that stands in no method.</summary>
    private static string Where(MethodBase? method)
    {
        if (method is null) return "";
        var name = method.Name == "MoveNext" ? method.DeclaringType!.Name : method.Name;
        var own = Generated().Match(name) is { Success: true } generated ? generated.Groups["of"].Value : name;
        return own is "<Initialize>" or "<Factory>" ? method.Name == "MoveNext" ? "" : ", in a lambda" : $", in {own}";
    }

    private static string Message(Diagnostic error) => error.GetMessage(System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^<(?<of><?\w+>?)>[a-z]__")]
    private static partial Regex Generated();
}
