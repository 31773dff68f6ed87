using CustomerValue.Ingestion;

namespace CustomerValue.Features;

/// <summary>A text that a customer wrote, with what the shop's own records say of it. No person has labelled it.</summary>
/// <param name="CustomerId">Who wrote it.</param>
/// <param name="At">When; of a chat, the last turn that was read.</param>
/// <param name="Source">review, dialogue or order.</param>
/// <param name="Text">The text; of a chat, the customer's own turns, one a line.</param>
/// <param name="Stars">1 (worst) to 5 (best) given with the text; null where none were.</param>
/// <param name="Buys">Whether the writer ordered within the days after; null where that window hasn't ended before the cutoff.</param>
/// <param name="BuysKnown">End of that window: nothing whose cutoff lies before it may use the label.</param>
/// <param name="KeepsBuying">Whether a writer who had ordered before ordered again in the longer window after; null where it hasn't ended, or there was no order before.</param>
/// <param name="KeepsBuyingKnown">End of that window.</param>
public sealed record ShopText(
    string CustomerId, DateTime At, string Source, string Text, int? Stars, bool? Buys, DateTime BuysKnown, bool? KeepsBuying, DateTime KeepsBuyingKnown)
{
    /// <summary>Whether the writer is content: 4 or 5 stars yes, 1 or 2 no; null in between and without stars.</summary>
    public bool? IsPositive => Stars switch { 1 or 2 => false, 4 or 5 => true, _ => null };
}

/// <summary>Labels for texts from what the shop knows anyway: stars, and whether the writer bought afterwards.</summary>
/// <remarks>Point in time like every feature: nothing dated on or after the cutoff is read, and a label stands only where its whole window ends by then.
/// So a model trained on these labels may be used for anything at the cutoff or later.</remarks>
/// <param name="Cutoff">First day that isn't history.</param>
public sealed record ShopTextLabels(DateOnly Cutoff)
{
    /// <summary>Days after a text in which an order counts as intent met.</summary>
    public int IntentDays { get; init => field = Check.Within(value, 1, 3650); } = 14;

    /// <summary>Days after a text in which an order counts as loyalty.</summary>
    public int LoyaltyDays { get; init => field = Check.Within(value, 1, 3650); } = 180;

    /// <summary>The labelled texts, by time, then customer, then text. Windows are (At, At + days): an order at the text's own moment isn't after it.</summary>
    public IReadOnlyList<ShopText> Of(IEnumerable<Review> reviews, IEnumerable<DialogueTurn> turns, IEnumerable<Purchase> purchases)
    {
        var end = Cutoff.ToDateTime(TimeOnly.MinValue);
        var orders = OrderTimes(purchases.Where(p => !p.IsReturn && p.At < end));
        var texts = reviews.Where(r => r.At < end && !string.IsNullOrWhiteSpace(r.Text))
            .Select(r => (r.CustomerId, r.At, Source: "review", r.Text, Stars: r.Stars is >= 1 and <= 5 ? r.Stars : (int?)null))
            .Concat(Chats(turns.Where(t => t.At < end)));
        return Labelled(texts, orders, end);
    }

    /// <summary>What orders hold, as texts, where nobody writes: the names of an order's products, one a line, labelled by what its customer ordered afterwards.</summary>
    /// <inheritdoc cref="Of" path="/returns"/>
    public IReadOnlyList<ShopText> OfOrders(IEnumerable<Purchase> purchases)
    {
        var end = Cutoff.ToDateTime(TimeOnly.MinValue);
        Purchase[] lines = [.. purchases.Where(p => !p.IsReturn && p.At < end)];
        var orders = OrderTimes(lines);
        var texts =
            from line in lines
            where !string.IsNullOrWhiteSpace(line.Description)
            group line by (line.CustomerId, line.OrderId, line.At) into order
            select (order.Key.CustomerId, order.Key.At, Source: "order", Text: string.Join('\n', order.Select(l => l.Description.Trim()).Distinct(StringComparer.Ordinal)), Stars: (int?)null);
        return Labelled(texts, orders, end);
    }

    private IReadOnlyList<ShopText> Labelled(IEnumerable<(string CustomerId, DateTime At, string Source, string Text, int? Stars)> texts, Dictionary<string, DateTime[]> orders, DateTime end) =>
    [
        .. texts.Select(t => Label(t, orders.GetValueOrDefault(t.CustomerId, []), end))
            .OrderBy(t => t.At).ThenBy(t => t.CustomerId, StringComparer.Ordinal).ThenBy(t => t.Source, StringComparer.Ordinal).ThenBy(t => t.Text, StringComparer.Ordinal),
    ];

    private static Dictionary<string, DateTime[]> OrderTimes(IEnumerable<Purchase> lines) =>
        lines.GroupBy(p => p.CustomerId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(p => p.At).Distinct().Order().ToArray(), StringComparer.Ordinal);

    private ShopText Label((string CustomerId, DateTime At, string Source, string Text, int? Stars) text, DateTime[] orders, DateTime end)
    {
        var (intent, loyalty) = (text.At.AddDays(IntentDays), text.At.AddDays(LoyaltyDays));
        return new(
            text.CustomerId, text.At, text.Source, text.Text, text.Stars,
            intent <= end ? Within(orders, text.At, intent) : null, intent,
            loyalty <= end && orders.Length > 0 && orders[0] <= text.At ? Within(orders, text.At, loyalty) : null, loyalty);
    }

    private static bool Within(DateTime[] orders, DateTime after, DateTime before) => orders.Any(at => at > after && at < before);

    private static IEnumerable<(string CustomerId, DateTime At, string Source, string Text, int? Stars)> Chats(IEnumerable<DialogueTurn> turns) =>
        from turn in turns
        where turn.Speaker == "customer" && !string.IsNullOrWhiteSpace(turn.Text)
        group turn by (turn.CustomerId, turn.DialogueId) into chat
        let said = chat.OrderBy(t => t.Turn).ThenBy(t => t.At).ToArray()
        select (chat.Key.CustomerId, said.Max(t => t.At), "dialogue", string.Join('\n', said.Select(t => t.Text.Trim())), (int?)null);
}
