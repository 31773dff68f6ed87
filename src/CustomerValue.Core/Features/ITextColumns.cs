namespace CustomerValue.Features;

/// <summary>The text columns that customers would have had they not written one of their texts: what it takes to ask which text moved a score.</summary>
/// <remarks>Built where features are built, from the same records: the columns are, bit for bit, those of a shop whose records lack the text, which is a review with its stars, or a chat
/// with what the agent said in it. The encoder stays the one that read them all.</remarks>
public interface ITextColumns
{
    /// <summary>The columns that depend on texts.</summary>
    IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>Leaves out each text of each customer once, all others kept. Encoders read nothing that they have read before.</summary>
    /// <param name="cutoff">Nothing dated on or after it is read.</param>
    /// <param name="take">Given the texts of some customers at a time, those of one customer together; called by several threads at once.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    void LeaveOut(DateOnly cutoff, Action<TextsLeftOut> take, CancellationToken cancellation = default);
}

/// <summary>Some customers' texts, each left out once.</summary>
/// <param name="CustomerIds">[texts]: who wrote it; a customer's texts stand together, oldest first.</param>
/// <param name="Texts">[texts]: what was left out.</param>
/// <param name="Columns">[columns of <see cref="ITextColumns.Features"/>][texts]: the writer's columns without it.</param>
public sealed record TextsLeftOut(IReadOnlyList<string> CustomerIds, IReadOnlyList<CustomerText> Texts, IReadOnlyList<double[]> Columns);
