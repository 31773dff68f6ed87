namespace CustomerValue.Notebooks;

/// <summary>The cell that the calling code belongs to: it follows the code to other threads and across awaits.</summary>
internal sealed class RunningCell(string label, ICellOutput output, Func<int> nextDisplay, CancellationToken cancellation)
{
    private static readonly AsyncLocal<RunningCell?> s_current = new();

    public static RunningCell? Current { get => s_current.Value; set => s_current.Value = value; }

    public string Label => label;

    public ICellOutput Output => output;

    /// <summary>Cancelled when the cell is interrupted or its time is up.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>A value on its way into a variable.</summary>
    public object? HandedOver { get; set; }

    /// <summary>An id of its own in the session.</summary>
    public string NextDisplayId() => $"display-{nextDisplay()}";
}
