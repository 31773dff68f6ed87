namespace CustomerValue.Notebooks;

/// <summary>How a run ended.</summary>
/// <param name="Cells">Code cells that ran, the failed one among them.</param>
/// <param name="Failure">Where and why it stopped; null where it ran to the end.</param>
public sealed record NotebookRun(int Cells, NotebookFailure? Failure);

/// <summary>Where and why a run stopped.</summary>
/// <param name="Cell">The cell, as errors call it: <c>cell 3</c> is the notebook's third, texts counted.</param>
/// <param name="Id">The cell's id.</param>
/// <param name="Error">What went wrong, and at which line.</param>
public sealed record NotebookFailure(string Cell, string Id, CellError Error)
{
    /// <summary>The place in words.</summary>
    public string Place => Error.Line > 0 ? $"{Cell} ({Id}), line {Error.Line}" : $"{Cell} ({Id})";
}

/// <summary>A cell of a run has ended.</summary>
/// <param name="Cell">As in <see cref="NotebookFailure.Cell"/>.</param>
/// <param name="Number">As which code cell of the run, from 1.</param>
/// <param name="Of">How many code cells there are to run.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Ok">Whether it ran to its end.</param>
public sealed record CellProgress(string Cell, int Number, int Of, TimeSpan Took, bool Ok);
