using CustomerValue.Simulation;

namespace CustomerValue.Tests.Simulation;

public class CampaignTruthTests
{
    [Fact]
    public void The_true_chances_are_what_happens_in_the_long_run()
    {
        // Contacts of 8,000 customers: those held out order as often as the chance without says, the others as often as the chance with.
        var outcomes =
            from customer in new ShopSimulator(new ShopOptions { Customers = 8_000, Seed = 99 }).Customers()
            let days = SampleShop.Orders(customer).Select(o => o.At.Date).ToHashSet()
            from pair in customer.Contacts.Zip(customer.Truth.Contacts)
            let heldOut = pair.First.Treatment == "control"
            let ordered = Enumerable.Range(1, 30).Any(ahead => days.Contains(pair.First.At.Date.AddDays(ahead)))
            select (Chance: heldOut ? pair.Second.ChanceWithout : pair.Second.ChanceWith, Ordered: ordered ? 1.0 : 0, HeldOut: heldOut);

        foreach (var group in outcomes.GroupBy(o => (o.HeldOut, Band: (int)(o.Chance * 4))).Where(g => g.Count() > 100))
        {
            var error = Math.Sqrt(group.Sum(o => o.Chance * (1 - o.Chance))) / group.Count();
            Assert.Equal(group.Average(o => o.Chance), group.Average(o => o.Ordered), 4 * error + 0.01);
        }
    }
}
