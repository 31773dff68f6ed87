namespace CustomerValue.Features;

/// <summary>A text that a customer wrote before the cutoff, as it stands or with a part left out.</summary>
/// <param name="Index">Its place among the customer's texts.</param>
/// <param name="Text">The words that are left; those of the text itself unless a sentence was taken out.</param>
public readonly record struct KeptText(int Index, string Text);

/// <summary>The text columns of one customer at one cutoff, for any selection of the texts: what it takes to ask which text moved a score.</summary>
/// <remarks>Built where features are built, so that the columns of all texts are those of the customer's row. A text that stands as it was written needs to be read once only, however often it is kept.</remarks>
public interface ITextColumns
{
    /// <summary>The customer's texts, oldest first.</summary>
    IReadOnlyList<WrittenText> Texts { get; }

    /// <summary>The text columns that depend on them, by name; all of the table's that do.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The values of <see cref="Names"/> had the customer written only these.</summary>
    /// <param name="kept">Some of the texts, in their order; may be none.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>[columns], finite.</returns>
    double[] Columns(IReadOnlyList<KeptText> kept, CancellationToken cancellation = default);
}

/// <summary>A text that a customer wrote.</summary>
/// <param name="At">When.</param>
/// <param name="Source">review or dialogue.</param>
/// <param name="Text">The words.</param>
public sealed record WrittenText(DateTime At, string Source, string Text);
