namespace CustomerValue.Notebooks;

/// <summary>Runs notebooks from top to bottom in a fresh session, without Jupyter, and keeps what they show in them.</summary>
/// <param name="options">What runs are told; null for the defaults.</param>
public sealed class NotebookRunner(NotebookRunOptions? options = null)
{
    private readonly NotebookRunOptions _options = options ?? new();

    /// <summary>Runs <paramref name="notebook"/> until its end or its first error; errors of cells tagged <c>raises-exception</c> are shown like any value. Outputs of earlier runs are taken away; those of this one are in it, whichever way it ends.</summary>
    /// <param name="notebook">Becomes nbformat 4.5.</param>
    /// <param name="progress">Told after each cell.</param>
    /// <param name="cancellation">Stops the cell that runs, and so the run.</param>
    /// <exception cref="InvalidDataException">It is for another kernel.</exception>
    /// <exception cref="NotebookParameterException">It doesn't know a parameter, or a value isn't of its type; nothing has run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<NotebookRun> RunAsync(NotebookFile notebook, IProgress<CellProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (notebook.Kernel is not ("" or NotebookFile.KernelName))
            throw new InvalidDataException($"The notebook is for the kernel '{notebook.Kernel}'; this runs '{NotebookFile.KernelName}'.");
        notebook.Strip();
        notebook.Upgrade();
        var labels = notebook.Cells.Select((cell, i) => (cell, label: $"cell {i + 1}")).ToDictionary(named => named.cell, named => named.label);      // as the file counts them, without what is put in
        using var session = new CSharpSession(_options.Session);
        NotebookParameters.Inject(notebook, _options.Parameters, session);

        var cells = notebook.Cells.Where(cell => cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(cell.Source)).ToList();
        var kept = new List<CellOutputs>();
        try
        {
            for (var i = 0; i < cells.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var label = labels.GetValueOrDefault(cells[i], "the parameters given");
                kept.Add(new());
                var (error, took) = await RunAsync(session, cells[i], label, i + 1, kept[^1], cancellation).ConfigureAwait(false);
                progress?.Report(new(label, i + 1, cells.Count, took, error is null));
                cancellation.ThrowIfCancellationRequested();
                if (error is not null && !IsExpected(error, cells[i])) return new(i + 1, new(label, cells[i].Id, error));
            }
            return new(cells.Count, null);
        }
        finally
        {
            foreach (var outputs in kept) outputs.Close();
        }
    }

    /// <summary>A cell that was stopped never is: it may have left undone what others need.</summary>
    private static bool IsExpected(CellError error, NotebookCell cell) => cell.Tags.Contains(NotebookCell.RaisesException) && !error.IsStop;

    private async Task<(CellError? Error, TimeSpan Took)> RunAsync(CSharpSession session, NotebookCell cell, string label, int count, CellOutputs outputs, CancellationToken cancellation)
    {
        var started = _options.Session.Clock.GetTimestamp();
        var result = await session.RunAsync(cell.Source, label, outputs, _options.CellLimit, cancellation).ConfigureAwait(false);
        if (result.Shown is not null) outputs.Result(result.Shown, count);
        if (result.Error is not null) outputs.Failure(result.Error);
        (cell.ExecutionCount, cell.Outputs) = (count, outputs.Take());
        return (result.Error, _options.Session.Clock.GetElapsedTime(started));
    }
}
