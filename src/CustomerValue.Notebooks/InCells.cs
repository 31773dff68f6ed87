using System.ComponentModel;
using System.Text.Json.Nodes;

namespace CustomerValue.Notebooks;

/// <summary>What cells can say without naming where it comes from.</summary>
public static class InCells
{
    /// <summary>Cancelled when the cell is interrupted or its time is up: for long work that would rather stop by itself.</summary>
    public static CancellationToken Interrupted => Cell().Cancellation;

    /// <summary>Shows a value now; what comes back can show another in its place.</summary>
    /// <param name="value">Anything: tables, records, charts and features have a form of their own.</param>
    /// <param name="mimeType">What <paramref name="value"/>'s text is; null to have it formatted.</param>
#pragma warning disable IDE1006 // named as notebooks name it
    public static DisplayedValue display(object? value, string? mimeType = null)
#pragma warning restore IDE1006
    {
        var cell = Cell();
        var shown = new DisplayedValue(cell.Output, cell.NextDisplayId());
        cell.Output.Display(mimeType is null ? Formatter.Of(value) : MimeBundle.Lone(mimeType, Form(value, mimeType)), shown.Id);
        return shown;
    }

    /// <summary>Shows the value now.</summary>
    public static DisplayedValue Display(this object? value, string? mimeType = null) => display(value, mimeType);

    /// <summary>Text that is HTML already and isn't escaped: escape data in it.</summary>
    public static Html HTML(string html) => new(html);

    /// <summary>Shows how far long work has come, a bar a stage that is drawn anew in its place: for the methods that take an <see cref="IProgress{T}"/>.</summary>
    public static IProgress<StageProgress> Progress() => new ProgressBar(Cell(), TimeProvider.System);

    /// <summary>For the code that hands a value to a variable.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static object? HandedOver() => Cell().HandedOver;

    private static RunningCell Cell() => RunningCell.Current ?? throw new InvalidOperationException("No cell runs here: this can be called by the code of a notebook only.");

    private static JsonNode? Form(object? value, string mimeType) =>
        (mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal)) && value is string json ? JsonNode.Parse(json) : Formatter.Text(value);
}
