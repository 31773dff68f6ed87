using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Oracle;

/// <summary>What the records tell of a customer before a day, in days from 0: all that an inference may use.</summary>
internal sealed class ObservedLife
{
    /// <param name="Day">Day of the order.</param>
    /// <param name="Amount">What was paid, in currency.</param>
    /// <param name="Returned">Whether a return was seen; null where it may still come.</param>
    /// <param name="Delivered">Day of its delivery, where a text tells it.</param>
    public readonly record struct Order(int Day, double Amount, bool? Returned, int? Delivered);

    /// <param name="Day">Day of the visit.</param>
    /// <param name="Views">Pages of products.</param>
    /// <param name="Cart">Whether the cart was filled.</param>
    /// <param name="ViewSeconds">Seconds of these pages together, beyond the least.</param>
    /// <param name="Asked">Whether a chat came of it.</param>
    /// <param name="IsFirst">The visit of the day on which one joined without an order: that it came tells nothing.</param>
    public readonly record struct Visit(int Day, int Views, bool Cart, int ViewSeconds, bool Asked, bool IsFirst);

    /// <param name="Day">Day of the contact.</param>
    /// <param name="Strength">Of the campaign; 0 for one held out.</param>
    /// <param name="Answered">Whether it was answered; null for one held out.</param>
    public readonly record struct Contact(int Day, double Strength, bool? Answered);

    /// <param name="Day">Day of the text.</param>
    /// <param name="IsChat">A chat; else a review.</param>
    /// <param name="OfVisit">A chat that came of a visit; the other texts are of deliveries.</param>
    /// <param name="Told">What it was written from.</param>
    public readonly record struct Text(int Day, bool IsChat, bool OfVisit, Told Told);

    // A return comes at most so many days after the order.
    private const int LatestReturn = Experience.SoonestDelivery + Experience.DeliverySpread + 7;

    public ObservedLife(SimulatedCustomer customer, Shop shop, int cutoff)
    {
        int DayOf(DateTime at) => (int)(at - shop.Options.Start.ToDateTime(TimeOnly.MinValue)).TotalDays;
        (Cutoff, IsSeen) = (cutoff, customer.Browsing.Any(b => DayOf(b.At) < cutoff));
        var answers = customer.Contacts.Where(c => c.RespondedAt is not null).Select(c => c.RespondedAt!.Value).ToHashSet();
        var visits = customer.Browsing.Where(b => DayOf(b.At) < cutoff).GroupBy(b => b.SessionId)
            // A visit that ends with an order tells no more than the order, one by a campaign's link no more than the answer.
            .Where(g => g.All(b => b.Kind != "purchase") && !answers.Contains(g.First().At)).ToList();

        var began = visits.Select(g => g.First().At).ToHashSet();
        bool OfVisit(TextTruth text) => text.Kind == "chat" && began.Contains(text.At - Browsing.QuestionAfter);
        Texts = [.. customer.Truth.Texts.Where(t => DayOf(t.At) < cutoff)
            .Select(t => new Text(DayOf(t.At), t.Kind == "chat", OfVisit(t),
                new(t.ToldMood, t.ToldLoyalty, t.ToldIntent switch { "restock" => Intent.Restock, "leave" => Intent.Leave, "open" => Intent.Open, _ => null })))
            .OrderBy(t => t.Day).ThenBy(t => t.OfVisit)];            // deliveries come in the morning

        var returned = customer.Purchases.Where(p => p.IsReturn && DayOf(p.At) < cutoff).Select(p => p.OrderId[1..]).ToHashSet();
        var deliveries = Texts.Where(t => !t.OfVisit).Select(t => t.Day).Distinct().ToList();
        int? Delivered(int ordered)
        {
            var at = deliveries.FindIndex(day => day - ordered is >= Experience.SoonestDelivery and < Experience.SoonestDelivery + Experience.DeliverySpread);
            if (at < 0) return null;
            var day = deliveries[at];
            deliveries.RemoveAt(at);
            return day;
        }
        Orders = [.. customer.Purchases.Where(p => !p.IsReturn && DayOf(p.At) < cutoff).GroupBy(p => p.OrderId).OrderBy(g => g.First().At)
            .Select(g => new Order(DayOf(g.First().At), (double)g.Sum(p => p.Quantity * p.UnitPrice),
                returned.Contains(g.Key[1..]) ? true : DayOf(g.First().At) + LatestReturn < cutoff ? false : null, Delivered(DayOf(g.First().At))))];

        Start = Math.Min(Orders.Count > 0 ? Orders[0].Day : int.MaxValue, IsSeen ? customer.Browsing.Min(b => DayOf(b.At)) : int.MaxValue);
        IsCold = Start < (Orders.Count > 0 ? Orders[0].Day : int.MaxValue);
        Visits = [.. visits.Select(g => new Visit(DayOf(g.First().At), g.Count(b => b.Kind == "view"), g.Any(b => b.Kind == "cart"),
            (int)g.Where(b => b.Kind == "view").Sum(b => b.DwellSeconds - Browsing.LeastView),
            customer.Truth.Texts.Any(t => OfVisit(t) && t.At - Browsing.QuestionAfter == g.First().At), IsCold && DayOf(g.First().At) == Start)).OrderBy(v => v.Day)];

        var campaigns = shop.Campaigns.ToDictionary(c => c.Id);
        Contacts = [.. customer.Contacts.Where(c => DayOf(c.At) < cutoff).Select(c => c.Treatment == "control" ? new Contact(DayOf(c.At), 0, null)
            : new Contact(DayOf(c.At), campaigns[c.CampaignId].Strength, c.RespondedAt is { } at && DayOf(at) < cutoff))];
    }

    /// <summary>The first day of which nothing is known.</summary>
    public int Cutoff { get; }

    /// <summary>Orders, by day.</summary>
    public IReadOnlyList<Order> Orders { get; }

    /// <summary>The day on which the customer was first seen; <see cref="int.MaxValue"/> for one of whom nothing is known.</summary>
    public int Start { get; }

    /// <summary>Whether this was without an order.</summary>
    public bool IsCold { get; }

    /// <summary>Visits without an order, by day.</summary>
    public IReadOnlyList<Visit> Visits { get; }

    /// <summary>Whether anything of the customer's browsing is seen.</summary>
    public bool IsSeen { get; }

    /// <summary>Campaign contacts, by day.</summary>
    public IReadOnlyList<Contact> Contacts { get; }

    /// <summary>Texts, in the order in which they were written, with what they were written from.</summary>
    public IReadOnlyList<Text> Texts { get; }
}
