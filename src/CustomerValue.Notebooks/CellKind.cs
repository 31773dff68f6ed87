namespace CustomerValue.Notebooks;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Code that runs, with outputs.</summary>
    Code,
    /// <summary>Text in Markdown.</summary>
    Markdown,
    /// <summary>Text that nothing is done with.</summary>
    Raw,
}
