namespace CustomerValue.Notebooks;

/// <summary>What a run is told.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>Values for variables of the cell tagged <c>parameters</c>, by name, as one writes them on a command line (dates as 2024-07-01).</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a cell may take; null for as long as it wants.</summary>
    public TimeSpan? CellLimit { get; init; }

    /// <summary>What the session has at hand.</summary>
    public SessionOptions Session { get; init; } = new();
}
