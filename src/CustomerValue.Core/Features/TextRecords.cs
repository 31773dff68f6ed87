using CustomerValue.Ingestion;

namespace CustomerValue.Features;

/// <summary>A shop's records in which everybody has written one and the same thing, the day before the cutoff: so texts tell nothing, and whoever learns from texts still has some to read.</summary>
/// <param name="records">The records as they are.</param>
internal sealed class BlankTexts(ICustomerRecords records) : ICustomerRecords
{
    private const string Nothing = ".";

    /// <inheritdoc/>
    public IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default)
    {
        var yesterday = cutoff.ToDateTime(TimeOnly.MinValue).AddDays(-1);
        return [.. records.Before(cutoff, customerIds, cancellation).Select(h => h with { Reviews = [new Review(h.CustomerId, yesterday, "", 0, Nothing)], Dialogues = [] })];
    }
}

/// <summary>A shop's records in which customers have the reviews and chats of others, and all else of their own.</summary>
/// <param name="records">The records as they are.</param>
/// <param name="writers">Whose reviews and chats a customer has; customers who aren't named have their own.</param>
internal sealed class ShuffledTexts(ICustomerRecords records, IReadOnlyDictionary<string, string> writers) : ICustomerRecords
{
    /// <inheritdoc/>
    public IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default)
    {
        var own = records.Before(cutoff, customerIds, cancellation);
        var written = records.Before(cutoff, [.. customerIds.Select(id => writers.GetValueOrDefault(id, id))], cancellation);
        return [.. own.Zip(written, (history, writer) => history with { Reviews = writer.Reviews, Dialogues = writer.Dialogues })];
    }
}
