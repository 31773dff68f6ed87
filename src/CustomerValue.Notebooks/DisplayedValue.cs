namespace CustomerValue.Notebooks;

/// <summary>A value that a cell has shown.</summary>
public sealed class DisplayedValue
{
    private readonly ICellOutput _output;

    internal DisplayedValue(ICellOutput output, string id) => (_output, Id) = (output, id);

    internal string Id { get; }

    /// <summary>Shows another value in its place.</summary>
    public void Update(object? value) => _output.Update(Formatter.Of(value), Id);
}
