using CustomerValue.Ingestion;

namespace CustomerValue.Features;

/// <summary>Records that are held in memory, by customer; a warehouse gives the same for any number of them.</summary>
/// <param name="purchases">Lines of orders and returns, in any order; of one currency.</param>
/// <param name="browsing">What customers did on the site; null for none.</param>
/// <param name="reviews">What they wrote about products; null for none.</param>
/// <param name="dialogues">Turns of chats; null for none.</param>
/// <param name="contacts">Campaign contacts; null for none.</param>
public sealed class RecordsInMemory(
    IEnumerable<Purchase> purchases, IEnumerable<BrowsingEvent>? browsing = null, IEnumerable<Review>? reviews = null, IEnumerable<DialogueTurn>? dialogues = null,
    IEnumerable<CampaignContact>? contacts = null) : ICustomerRecords
{
    private readonly ILookup<string, Purchase> _purchases = purchases.ToLookup(p => p.CustomerId, StringComparer.Ordinal);
    private readonly ILookup<string, BrowsingEvent> _browsing = (browsing ?? []).ToLookup(b => b.CustomerId, StringComparer.Ordinal);
    private readonly ILookup<string, Review> _reviews = (reviews ?? []).ToLookup(r => r.CustomerId, StringComparer.Ordinal);
    private readonly ILookup<string, DialogueTurn> _dialogues = (dialogues ?? []).ToLookup(d => d.CustomerId, StringComparer.Ordinal);
    private readonly ILookup<string, CampaignContact> _contacts = (contacts ?? []).ToLookup(c => c.CustomerId, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default) =>
        [.. customerIds.Select(id => CustomerHistory.At(id, cutoff, _purchases[id], _browsing[id], _reviews[id], _dialogues[id], _contacts[id]))];

    /// <summary>All good records of a data set.</summary>
    public static RecordsInMemory Of(Dataset data, Pseudonyms pseudonyms)
    {
        var (purchases, browsing, reviews, dialogues, contacts) = (new List<Purchase>(), new List<BrowsingEvent>(), new List<Review>(), new List<DialogueTurn>(), new List<CampaignContact>());
        foreach (var batch in data.Read(pseudonyms, new()))
        {
            if (batch is RecordBatch<Purchase> lines) purchases.AddRange(lines.Records);
            if (batch is RecordBatch<BrowsingEvent> events) browsing.AddRange(events.Records);
            if (batch is RecordBatch<Review> written) reviews.AddRange(written.Records);
            if (batch is RecordBatch<DialogueTurn> turns) dialogues.AddRange(turns.Records);
            if (batch is RecordBatch<CampaignContact> sent) contacts.AddRange(sent.Records);
        }
        return new(purchases, browsing, reviews, dialogues, contacts);
    }
}
