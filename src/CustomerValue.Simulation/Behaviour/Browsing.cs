using System.Globalization;
using CustomerValue.Ingestion;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>What a customer's visits to the site leave behind: searches, views, carts, purchases.</summary>
internal sealed class Browsing(string customerId, int number, CustomerTraits traits, RandomStream chance)
{
    private int _sessions;

    /// <summary>The events so far, in order of visits.</summary>
    public List<BrowsingEvent> Events { get; } = [];

    /// <summary>A visit that ends with an order at <paramref name="ordered"/>.</summary>
    public void Buy(IReadOnlyList<BasketLine> basket, DateTime ordered)
    {
        // Laid out backwards from the order, so that the visit ends with it.
        var session = NextSession();
        var steps = new List<(string Kind, string Product, string Query, int Seconds)>();
        if (chance.Chance(0.25)) steps.Add(("search", "", Query(basket[0].Product), 4 + Stay(12)));
        foreach (var line in basket.Take(3))
            if (chance.Chance(0.6)) steps.Add(("view", line.Product.Id, "", 5 + Stay(50)));
        steps.Add(("cart", basket[0].Product.Id, "", 3 + Stay(15)));
        steps.Add(("purchase", "", "", 0));
        var at = ordered.AddSeconds(-steps.Sum(step => step.Seconds));
        foreach (var (kind, product, query, seconds) in steps)
        {
            Events.Add(new BrowsingEvent(customerId, session, at, kind, product, query, seconds));
            at = at.AddSeconds(seconds);
        }
    }

    /// <summary>A visit without an order, the longer and the likelier to fill a cart the nearer the next order is.</summary>
    /// <param name="started">When the visit begins.</param>
    /// <param name="progress">How near the next order is, from 0 to 1.</param>
    /// <returns>A product that was looked at.</returns>
    public Product Look(DateTime started, double progress)
    {
        var session = NextSession();
        var at = started;
        var product = Any();
        if (chance.Chance(0.3)) Add("search", "", Query(product), 4 + Stay(12));
        for (var views = 1 + chance.Poisson(0.4 + 0.9 * progress); views > 0; views--)
        {
            Add("view", product.Id, "", 3 + Stay(25 + (int)(40 * progress)));
            if (views > 1) product = Any();
        }
        if (chance.Chance(0.05 + 0.3 * progress * progress)) Add("cart", product.Id, "", 3 + Stay(15));
        return product;

        void Add(string kind, string productId, string query, int seconds)
        {
            Events.Add(new BrowsingEvent(customerId, session, at, kind, productId, query, seconds));
            at = at.AddSeconds(seconds);
        }
    }

    private string NextSession() => string.Create(CultureInfo.InvariantCulture, $"V{number:D5}-{++_sessions}");

    private Product Any()
    {
        var shelf = ProductCatalogue.Shop.Shelves[chance.Weighted(traits.Tastes)];
        return shelf[chance.Below(shelf.Count)];
    }

    private string Query(Product product) => product.Noun.In(traits.Voice.Next(chance));

    private int Stay(int meanSeconds) => (int)(meanSeconds * chance.Exponential());
}
