namespace CustomerValue.Notebooks;

/// <summary>Text that is HTML already.</summary>
/// <param name="Content">Shown as it stands.</param>
public sealed record Html(string Content)
{
    /// <inheritdoc/>
    public override string ToString() => Content;
}
