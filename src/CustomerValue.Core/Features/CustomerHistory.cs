using CustomerValue.Ingestion;

namespace CustomerValue.Features;

/// <summary>All that is known of one customer before a cutoff, each kind oldest first; records of one moment stand in ordinal order of what they say.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Purchases">Lines of orders and returns, in one currency.</param>
/// <param name="Browsing">What they did on the site.</param>
/// <param name="Reviews">What they wrote about products.</param>
/// <param name="Dialogues">Turns of their chats, the agent's too.</param>
/// <param name="Contacts">What campaigns sent them; a response counts once it has come.</param>
public sealed record CustomerHistory(
    string CustomerId, IReadOnlyList<Purchase> Purchases, IReadOnlyList<BrowsingEvent> Browsing, IReadOnlyList<Review> Reviews, IReadOnlyList<DialogueTurn> Dialogues,
    IReadOnlyList<CampaignContact> Contacts)
{
    /// <summary>The records of one customer as they were before a cutoff: what is later is left out, the rest put in order.</summary>
    /// <param name="customerId">Who.</param>
    /// <param name="cutoff">First day that isn't history.</param>
    /// <param name="purchases">Order lines and returns of that customer, in any order, and so on.</param>
    /// <param name="browsing">Events.</param>
    /// <param name="reviews">Reviews.</param>
    /// <param name="dialogues">Turns.</param>
    /// <param name="contacts">Contacts.</param>
    public static CustomerHistory At(
        string customerId, DateOnly cutoff, IEnumerable<Purchase> purchases, IEnumerable<BrowsingEvent> browsing, IEnumerable<Review> reviews, IEnumerable<DialogueTurn> dialogues,
        IEnumerable<CampaignContact> contacts)
    {
        var end = cutoff.ToDateTime(TimeOnly.MinValue);
        return new(
            customerId,
            [.. purchases.Where(p => p.At < end).OrderBy(p => p.At).ThenBy(p => p.OrderId, StringComparer.Ordinal).ThenBy(p => p.ProductId, StringComparer.Ordinal)
                .ThenBy(p => p.Description, StringComparer.Ordinal).ThenBy(p => p.Category, StringComparer.Ordinal).ThenBy(p => p.Quantity).ThenBy(p => p.UnitPrice)],
            [.. browsing.Where(e => e.At < end).OrderBy(e => e.At).ThenBy(e => e.SessionId, StringComparer.Ordinal).ThenBy(e => e.Kind, StringComparer.Ordinal)
                .ThenBy(e => e.ProductId, StringComparer.Ordinal).ThenBy(e => e.Query, StringComparer.Ordinal).ThenBy(e => e.DwellSeconds)],
            [.. reviews.Where(r => r.At < end).OrderBy(r => r.At).ThenBy(r => r.ProductId, StringComparer.Ordinal).ThenBy(r => r.Text, StringComparer.Ordinal).ThenBy(r => r.Stars)],
            [.. dialogues.Where(d => d.At < end).OrderBy(d => d.At).ThenBy(d => d.DialogueId, StringComparer.Ordinal).ThenBy(d => d.Turn).ThenBy(d => d.Text, StringComparer.Ordinal)],
            [.. contacts.Where(c => c.At < end).Select(c => c.RespondedAt < end ? c : c with { RespondedAt = null })
                .OrderBy(c => c.At).ThenBy(c => c.CampaignId, StringComparer.Ordinal).ThenBy(c => c.Treatment, StringComparer.Ordinal)]);
    }

    /// <summary>The latest day of anything in it; null where it holds nothing.</summary>
    internal DateTime? Latest()
    {
        var latest = new[] { Max(Purchases, p => p.At), Max(Browsing, b => b.At), Max(Reviews, r => r.At), Max(Dialogues, d => d.At), Max(Contacts, c => c.RespondedAt > c.At ? c.RespondedAt.Value : c.At) }.Max();
        return latest == DateTime.MinValue ? null : latest;

        static DateTime Max<T>(IReadOnlyList<T> records, Func<T, DateTime> at) => records.Count == 0 ? DateTime.MinValue : records.Max(at);
    }
}
