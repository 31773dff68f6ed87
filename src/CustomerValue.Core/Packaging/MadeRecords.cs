using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Packaging;

/// <summary>Records of customers who never were, for the rows of a self-test: the same for the same id and cutoff, now and ever.</summary>
internal sealed class MadeRecords : ICustomerRecords
{
    private const int Days = 400;
    private static readonly string[] s_products = ["blue mug", "tin of tea", "garden chair", "paper card", "玻璃密封罐", "wool throw", "charging cable"];
    private static readonly string[] s_categories = ["home", "kitchen", "garden", ""];

    /// <inheritdoc/>
    public IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default) => [.. customerIds.Select(id => Of(id, cutoff))];

    private static CustomerHistory Of(string id, DateOnly cutoff)
    {
        var random = SplitMix64.Stream(20240101, (long)(StableHash.Of(id) >> 8));
        var end = cutoff.ToDateTime(TimeOnly.MinValue);
        DateTime Day() => end.AddDays(-1 - random.Below(Days)).AddHours(random.Below(24));
        string One(IReadOnlyList<string> of) => of[random.Below(of.Count)];
        var (purchases, browsing, reviews, chats, contacts) = (new List<Purchase>(), new List<BrowsingEvent>(), new List<Review>(), new List<DialogueTurn>(), new List<CampaignContact>());
        for (var order = random.Below(6); order >= 0; order--)
        {
            var (at, isReturn) = (Day(), random.Below(8) == 0);
            for (var line = random.Below(3); line >= 0; line--)
                purchases.Add(new(id, $"{id}-{order}", at, $"p{random.Below(99)}", One(s_products), One(s_categories), isReturn ? -1 : 1 + random.Below(3), 5 + random.Below(60), "EUR", isReturn));
        }
        for (var visit = random.Below(4); visit > 0; visit--) browsing.Add(new(id, $"{id}-v{visit}", Day(), random.Below(2) == 0 ? "view" : "search", "p1", random.Below(2) == 0 ? One(s_products) : "", 20));
        for (var review = random.Below(4); review > 0; review--) reviews.Add(new(id, Day(), "p1", random.Below(6), One(TextSelfTest.Made)));
        for (var chat = random.Below(3); chat > 0; chat--) chats.Add(new(id, $"{id}-d{chat}", 1, Day(), "customer", One(TextSelfTest.Made)));
        for (var contact = random.Below(3); contact > 0; contact--) contacts.Add(new(id, $"m{contact}", Day(), "coupon", "email", new(1, "EUR"), null));
        return CustomerHistory.At(id, cutoff, purchases, browsing, reviews, chats, contacts);
    }
}
