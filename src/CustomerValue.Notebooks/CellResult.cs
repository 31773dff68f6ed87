namespace CustomerValue.Notebooks;

/// <summary>How a cell ended.</summary>
/// <param name="Value">What its last expression gave; null where it gave nothing.</param>
/// <param name="Error">Why it failed; null where it didn't.</param>
/// <param name="Shown">The value's forms; null where there is none.</param>
public sealed record CellResult(object? Value, CellError? Error, MimeBundle? Shown = null)
{
    /// <summary>Whether it ran to its end.</summary>
    public bool Ok => Error is null;
}

/// <summary>Why a cell failed.</summary>
/// <param name="Kind">The exception's type, or CompilationError, DirectiveError, Interrupted, TimeLimit.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The line of the cell, from 1; 0 where it can't be told.</param>
/// <param name="Trace">Lines for a reader: what went wrong, and the places in cells that led there.</param>
public sealed record CellError(string Kind, string Message, int Line, IReadOnlyList<string> Trace)
{
    internal const string Interrupted = "Interrupted", TimeLimit = "TimeLimit";

    /// <summary>Whether the cell was stopped from outside.</summary>
    internal bool IsStop => Kind is Interrupted or TimeLimit;
}
