using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>One line of an order before it is written down.</summary>
internal readonly record struct BasketLine(Product Product, int Quantity, decimal UnitPrice)
{
    /// <summary>Quantity times price.</summary>
    public decimal Amount => Quantity * UnitPrice;
}

/// <summary>Fills an order: a budget, divided over lines, each spent on the product of a favoured category whose price comes near.</summary>
internal static class Basket
{
    private const int MostLines = 6, MostOfOne = 12;
    private const decimal FestivalDiscount = 0.12m, YearlyPriceRise = 0.03m;

    /// <summary>The share of the list price taken off for a coupon.</summary>
    public const decimal CouponDiscount = 0.10m;

    /// <summary>The lines of an order.</summary>
    /// <param name="traits">Whose order.</param>
    /// <param name="budgetFactor">What the customer's feeling does to the budget.</param>
    /// <param name="shop">Gives the date's prices.</param>
    /// <param name="day">Day of the order, from 0.</param>
    /// <param name="coupon">Whether a coupon is used.</param>
    /// <param name="chance">Where the choices come from.</param>
    public static List<BasketLine> Fill(CustomerTraits traits, double budgetFactor, Shop shop, int day, bool coupon, RandomStream chance)
    {
        var budget = traits.Budget * budgetFactor * chance.Gamma(shop.Options.Process.BudgetShape);
        var lines = Math.Min(MostLines, 1 + chance.Poisson(traits.BasketLines));
        var target = Math.Round((decimal)Math.Min(1e6, budget / lines), 2);
        var basket = new List<BasketLine>(lines);
        for (var line = 0; line < lines; line++)
        {
            var category = chance.Weighted(traits.Tastes);
            var shelf = ProductCatalogue.Shop.Shelves[category];
            var product = shelf[Math.Clamp(ProductCatalogue.Shop.Nearest(category, target) + chance.Below(7) - 3, 0, shelf.Count - 1)];
            if (basket.Exists(chosen => chosen.Product == product)) continue;
            var quantity = (int)Math.Clamp(Math.Round(target / product.ListPrice), 1, MostOfOne);
            basket.Add(new BasketLine(product, quantity, Price(product, shop, day, coupon)));
        }
        return basket;
    }

    private static decimal Price(Product product, Shop shop, int day, bool coupon)
    {
        var price = product.ListPrice * (1 + YearlyPriceRise * (day / 365));
        if (Season.IsFestival(shop.Options.Start.AddDays(day))) price *= 1 - FestivalDiscount;
        if (coupon) price *= 1 - CouponDiscount;
        return Math.Round(price, 2);
    }
}
