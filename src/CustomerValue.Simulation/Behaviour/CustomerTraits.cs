using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Simulation.Behaviour;

/// <summary>What stays the same over a customer's life.</summary>
/// <param name="Joined">Day of the first order (of those who join without one: of the first visit), from 0.</param>
/// <param name="Cold">Joins without an order; is always seen.</param>
/// <param name="Visitor">One of these, and never orders.</param>
/// <param name="Rate">λ: orders a day in neutral mood, average loyalty and season.</param>
/// <param name="Regularity">k: Erlang shape of the gaps.</param>
/// <param name="Hazard">η: chance of dropping out, a day, in neutral mood and average loyalty.</param>
/// <param name="Loyalty">L at the start.</param>
/// <param name="Budget">ν: scale of the order budgets, in currency.</param>
/// <param name="BasketLines">Mean lines of an order beyond the first.</param>
/// <param name="Tastes">[category]: weights.</param>
/// <param name="Response">ρ: how strongly campaigns move this customer; negative for those better left alone.</param>
/// <param name="VisitRate">Visits a day, half-way to the next order; 0 for those whose browsing isn't seen.</param>
/// <param name="ReviewLogit">Log-odds of reviewing an order that went as expected.</param>
/// <param name="ChatLogit">Log-odds of a chat about an order of experience 0.</param>
/// <param name="Hour">Hour of the day around which they shop.</param>
/// <param name="Voice">How they write.</param>
internal sealed record CustomerTraits(
    int Joined, bool Cold, bool Visitor, double Rate, int Regularity, double Hazard, double Loyalty, double Budget, double BasketLines, double[] Tastes,
    double Response, double VisitRate, double ReviewLogit, double ChatLogit, double Hour, Voice Voice)
{
    /// <summary>Shape of the gamma of visit rates.</summary>
    public const double VisitShape = 2;

    /// <summary>Draws a customer.</summary>
    public static CustomerTraits Draw(ShopProcess process, int days, RandomStream chance)
    {
        var early = chance.Uniform();
        var joined = (int)((days - 20) * early * Math.Sqrt(early));      // more of them early: a shop that was advertised when it opened
        var (cold, never) = (chance.Chance(process.ColdShare), chance.Chance(process.VisitorShare));
        var rate = process.MeanRate * chance.Gamma(process.RateShape) / process.RateShape;
        var regularity = 1 + chance.Weighted([.. process.RegularityShares]);
        var hazard = process.MeanHazard * chance.Gamma(process.HazardShape) / process.HazardShape;
        var loyalty = process.LoyaltySpread * chance.Normal();
        // Gamma-gamma: budgets are Gamma(p) times ν, and ν is inverse gamma with shape q, scaled to the mean budget.
        var budget = process.MeanBudget * (process.BudgetTail - 1) / process.BudgetShape / chance.Gamma(process.BudgetTail);
        var lines = 0.15 + 0.25 * chance.Gamma(1.5);
        var tastes = new double[ProductCatalogue.Shop.Categories.Count];
        for (var category = 0; category < tastes.Length; category++) tastes[category] = chance.Gamma(0.5);
        var response = process.MeanResponse + process.ResponseSpread * chance.Normal();
        var visits = process.MeanVisitRate * chance.Gamma(VisitShape) / VisitShape;
        if (!chance.Chance(process.SeenShare) && !cold) visits = 0;
        var review = process.MeanReviewLogit + process.ReviewLogitSpread * chance.Normal();
        var chat = process.MeanChatLogit + process.ChatLogitSpread * chance.Normal();
        var hour = chance.Chance(0.6) ? 20 + 1.5 * chance.Normal() : 12.5 + 2 * chance.Normal();
        return new CustomerTraits(joined, cold, cold && never, rate, regularity, hazard, loyalty, budget, lines, tastes, response, visits, review, chat, hour, Voice.Draw(process.LanguageShares, chance));
    }
}
