using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Oracle;

/// <summary>What the records tell of a customer before a day, in days from 0: all that an inference may use.</summary>
internal sealed class ObservedLife
{
    /// <param name="Day">Day of the order.</param>
    /// <param name="Amount">What was paid, in currency.</param>
    /// <param name="Returned">Whether a return was seen; null where it may still come.</param>
    public readonly record struct Order(int Day, double Amount, bool? Returned);

    /// <param name="Day">Day of the visit.</param>
    /// <param name="Views">Pages of products.</param>
    /// <param name="Cart">Whether the cart was filled.</param>
    /// <param name="ViewSeconds">Seconds of these pages together, beyond the least.</param>
    public readonly record struct Visit(int Day, int Views, bool Cart, int ViewSeconds);

    /// <param name="Day">Day of the contact.</param>
    /// <param name="Strength">Of the campaign; 0 for one held out.</param>
    /// <param name="Answered">Whether it was answered; null for one held out.</param>
    public readonly record struct Contact(int Day, double Strength, bool? Answered);

    /// <param name="Day">Day of the text.</param>
    /// <param name="IsChat">A chat; else a review.</param>
    /// <param name="Mood">M that it was written from.</param>
    /// <param name="Loyalty">L that it was written from.</param>
    /// <param name="Intent">J that it was written from.</param>
    public readonly record struct Text(int Day, bool IsChat, double Mood, double Loyalty, Intent Intent);

    // A return comes at most so many days after the order.
    private const int LatestReturn = Experience.SoonestDelivery + Experience.DeliverySpread + 7;

    public ObservedLife(SimulatedCustomer customer, Shop shop, int cutoff)
    {
        int DayOf(DateTime at) => (int)(at - shop.Options.Start.ToDateTime(TimeOnly.MinValue)).TotalDays;
        var returned = customer.Purchases.Where(p => p.IsReturn && DayOf(p.At) < cutoff).Select(p => p.OrderId[1..]).ToHashSet();
        Orders = [.. customer.Purchases.Where(p => !p.IsReturn && DayOf(p.At) < cutoff).GroupBy(p => p.OrderId)
            .Select(g => new Order(DayOf(g.First().At), (double)g.Sum(p => p.Quantity * p.UnitPrice), returned.Contains(g.Key[1..]) ? true : DayOf(g.First().At) + LatestReturn < cutoff ? false : null))
            .OrderBy(o => o.Day)];
        var first = Orders.Count > 0 ? Orders[0].Day : int.MaxValue;
        var answers = customer.Contacts.Where(c => c.RespondedAt is not null).Select(c => c.RespondedAt!.Value).ToHashSet();
        Visits = [.. customer.Browsing.Where(b => DayOf(b.At) < cutoff).GroupBy(b => b.SessionId)
            // A visit that ends with an order tells no more than the order, one by a campaign's link no more than the answer.
            .Where(g => g.All(b => b.Kind != "purchase") && !answers.Contains(g.First().At) && DayOf(g.First().At) >= first)
            .Select(g => new Visit(DayOf(g.First().At), g.Count(b => b.Kind == "view"), g.Any(b => b.Kind == "cart"), (int)g.Where(b => b.Kind == "view").Sum(b => b.DwellSeconds - Browsing.LeastView)))
            .OrderBy(v => v.Day)];
        IsSeen = customer.Browsing.Any(b => DayOf(b.At) < cutoff);
        var campaigns = shop.Campaigns.ToDictionary(c => c.Id);
        Contacts = [.. customer.Contacts.Where(c => DayOf(c.At) < cutoff).Select(c => c.Treatment == "control" ? new Contact(DayOf(c.At), 0, null)
            : new Contact(DayOf(c.At), campaigns[c.CampaignId].Strength, c.RespondedAt is { } at && DayOf(at) < cutoff))];
        Texts = [.. customer.Truth.Texts.Where(t => DayOf(t.At) < cutoff && DayOf(t.At) >= first).OrderBy(t => t.At).Select(t => new Text(DayOf(t.At), t.Kind == "chat", t.Mood, t.Loyalty,
            t.Intent switch { "restock" => Intent.Restock, "leave" => Intent.Leave, _ => Intent.Open }))];
        Cutoff = cutoff;
    }

    /// <summary>The first day of which nothing is known.</summary>
    public int Cutoff { get; }

    /// <summary>Orders, by day.</summary>
    public IReadOnlyList<Order> Orders { get; }

    /// <summary>Visits without an order since the first order, by day.</summary>
    public IReadOnlyList<Visit> Visits { get; }

    /// <summary>Whether anything of the customer's browsing is seen.</summary>
    public bool IsSeen { get; }

    /// <summary>Campaign contacts, by day.</summary>
    public IReadOnlyList<Contact> Contacts { get; }

    /// <summary>Texts since the first order, in time, with the states that they were written from.</summary>
    public IReadOnlyList<Text> Texts { get; }
}
