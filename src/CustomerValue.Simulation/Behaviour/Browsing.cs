using System.Globalization;
using CustomerValue.Ingestion;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>What a customer's visits to the site leave behind: searches, views, carts, purchases.</summary>
internal sealed class Browsing(string customerId, int number, CustomerTraits traits, RandomStream chance)
{
    /// <summary>φ of those who don't mean to order: visitors, and customers who have dropped out.</summary>
    public const double IdleProgress = 0.3;

    /// <summary>Least seconds of a view.</summary>
    public const int LeastView = 3;

    private int _sessions;

    /// <summary>Visits a day, over a customer's own rate, at progress φ to the next order: interest rises before one.</summary>
    public static double Interest(double progress) => 0.4 + 2.4 * progress * progress * progress;

    /// <summary>The same so many days after the customer dropped out: it dies away.</summary>
    public static double InterestAfter(int days) => 0.4 * PortableMath.Exp(-days / 40.0);

    /// <summary>The same of a visitor, so many days after the first visit.</summary>
    public static double InterestOfVisitor(int days) => 2 * PortableMath.Exp(-days / 50.0);

    /// <summary>Mean of the views beyond the first of a visit without an order.</summary>
    public static double MoreViews(double progress) => 0.4 + 0.9 * progress;

    /// <summary>Probability that such a visit fills a cart.</summary>
    public static double CartChance(double progress) => 0.05 + 0.3 * progress * progress;

    /// <summary>Mean seconds of a view of such a visit, beyond the least.</summary>
    public static int ViewSeconds(double progress) => 25 + (int)(40 * progress);

    /// <summary>How long after its beginning a question is asked.</summary>
    public static readonly TimeSpan QuestionAfter = TimeSpan.FromMinutes(4);

    /// <summary>Probability of a question to the service during such a visit: those who have never ordered have more to ask.</summary>
    public static double QuestionChance(double progress, bool hasOrdered) => (hasOrdered ? 0.08 : 0.4) + 0.08 * progress;

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
        for (var views = 1 + chance.Poisson(MoreViews(progress)); views > 0; views--)
        {
            Add("view", product.Id, "", LeastView + Stay(ViewSeconds(progress)));
            if (views > 1) product = Any();
        }
        if (chance.Chance(CartChance(progress))) Add("cart", product.Id, "", 3 + Stay(15));
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
