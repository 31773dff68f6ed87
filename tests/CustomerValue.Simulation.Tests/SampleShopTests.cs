using CustomerValue.Ingestion;
using CustomerValue.Simulation;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Simulation;

/// <summary>What the sample shop is like, and that its records fit together.</summary>
public class SampleShopTests
{
    private static readonly DateTime s_cutoff = new(2024, 7, 1);
    private static readonly SimulatedCustomer[] s_buyers = [.. SampleShop.Customers.Where(c => c.Purchases.Count > 0)];

    [Fact]
    public void The_ingestion_reads_every_row_of_the_committed_files_as_it_was_simulated()
    {
        using var log = new ReadLog();
        var shop = Dataset.Open(Path.Combine(RealData.Root, "data-samples", "shop"));
        var read = new Dictionary<RecordKind, List<object>>();
        foreach (var batch in shop.Read(Pseudonyms.Published, log))
        {
            var records = read.TryGetValue(batch.Kind, out var known) ? known : read[batch.Kind] = [];
            records.AddRange(batch switch
            {
                RecordBatch<Purchase> purchases => purchases.Records.ToArray(),
                RecordBatch<BrowsingEvent> events => events.Records.ToArray(),
                RecordBatch<Review> reviews => reviews.Records.ToArray(),
                RecordBatch<DialogueTurn> turns => turns.Records.ToArray(),
                RecordBatch<CampaignContact> contacts => contacts.Records.ToArray(),
                _ => throw new InvalidOperationException($"a batch of {batch.Kind}"),
            });
        }
        Assert.Empty(log.Rejected);
        var customers = SampleShop.Customers;
        Assert.Equal(customers.SelectMany(c => c.Purchases), read[RecordKind.Purchases].Cast<Purchase>());
        Assert.Equal(customers.SelectMany(c => c.Browsing), read[RecordKind.BrowsingEvents].Cast<BrowsingEvent>());
        Assert.Equal(customers.SelectMany(c => c.Reviews), read[RecordKind.Reviews].Cast<Review>());
        Assert.Equal(customers.SelectMany(c => c.Dialogues), read[RecordKind.DialogueTurns].Cast<DialogueTurn>());
        Assert.Equal(customers.SelectMany(c => c.Contacts), read[RecordKind.CampaignContacts].Cast<CampaignContact>());
    }

    [Fact]
    public void About_a_third_of_the_buyers_order_once() =>
        Assert.InRange(s_buyers.Average(c => SampleShop.Orders(c).Count == 1 ? 1.0 : 0), 0.25, 0.40);

    [Fact]
    public void About_half_of_the_customers_of_July_2024_do_not_come_back_within_180_days()
    {
        var churned = s_buyers.Select(c => SampleShop.Churned(c, s_cutoff)).OfType<bool>().ToList();
        Assert.InRange(churned.Count, 1_450, 1_700);
        Assert.InRange(churned.Average(c => c ? 1.0 : 0), 0.45, 0.60);
    }

    [Fact]
    public void A_tenth_of_the_customers_bring_about_half_of_the_money()
    {
        var spend = s_buyers.Select(c => c.Purchases.Sum(SampleShop.Amount)).OrderDescending().ToList();
        Assert.InRange((double)(spend.Take(spend.Count / 10).Sum() / spend.Sum()), 0.35, 0.6);
    }

    [Fact]
    public void November_sells_more_than_February_and_weekends_more_than_weekdays()
    {
        var orders = s_buyers.SelectMany(SampleShop.Orders).Select(o => o.At).ToList();
        Assert.True(orders.Count(o => o.Month == 11) > 1.5 * orders.Count(o => o.Month == 2));
        Assert.True(orders.Count(o => o.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) / 2.0 > 1.1 * orders.Count(o => o.DayOfWeek is DayOfWeek.Tuesday));
    }

    [Fact]
    public void Returns_give_back_products_of_earlier_orders_at_the_price_paid()
    {
        var returns = 0;
        foreach (var customer in s_buyers)
            foreach (var back in customer.Purchases.Where(p => p.IsReturn))
            {
                var bought = customer.Purchases.Single(p => !p.IsReturn && p.OrderId == $"O{back.OrderId[1..]}" && p.ProductId == back.ProductId);
                Assert.True(back.At > bought.At && back.UnitPrice == bought.UnitPrice);
                Assert.InRange(back.Quantity, -bought.Quantity, -1);
                returns++;
            }
        Assert.InRange(returns, 500, 900);
    }

    [Fact]
    public void Orders_have_positive_quantities_and_prices_in_one_currency() =>
        Assert.All(s_buyers.SelectMany(c => c.Purchases), p => Assert.True(p.Quantity > 0 != p.IsReturn && p.UnitPrice > 0 && p.Currency == "CNY" && p.UnitPrice == Math.Round(p.UnitPrice, 2)));

    [Fact]
    public void Records_lie_in_the_period_and_in_order_of_time()
    {
        var (start, end) = (new DateTime(2023, 1, 1), new DateTime(2025, 1, 1));
        foreach (var customer in SampleShop.Customers)
            foreach (var times in new[]
            {
                customer.Purchases.Select(p => p.At), customer.Browsing.Select(b => b.At), customer.Reviews.Select(r => r.At),
                customer.Dialogues.Select(d => d.At), customer.Contacts.Select(c => c.At),
            })
            {
                var list = times.ToList();
                Assert.Equal(list.Order(), list);
                Assert.All(list, at => Assert.InRange(at, start, end.AddTicks(-1)));
            }
    }

    [Fact]
    public void Visits_that_end_in_a_purchase_end_when_the_order_is_placed()
    {
        foreach (var customer in s_buyers)
        {
            var ordered = SampleShop.Orders(customer).Select(o => o.At).ToHashSet();
            Assert.All(customer.Browsing.Where(b => b.Kind == "purchase"), b => Assert.Contains(b.At, ordered));
        }
    }

    [Fact]
    public void Customers_look_around_more_in_the_two_weeks_before_an_order_than_after_it()
    {
        int before = 0, after = 0;
        foreach (var customer in s_buyers.Where(c => c.Browsing.Count > 0))
        {
            var looks = customer.Browsing.GroupBy(b => b.SessionId).Where(s => s.All(b => b.Kind != "purchase")).Select(s => s.First().At).ToList();
            var orders = SampleShop.Orders(customer);
            for (var i = 1; i < orders.Count; i++)
            {
                if (orders[i].At - orders[i - 1].At < TimeSpan.FromDays(42)) continue;
                before += looks.Count(at => at < orders[i].At && at > orders[i].At.AddDays(-14));
                after += looks.Count(at => at > orders[i - 1].At && at < orders[i - 1].At.AddDays(14));
            }
        }
        Assert.True(before > 2 * after, $"{before} before, {after} after");
    }

    [Fact]
    public void Some_customers_have_only_looked_around()
    {
        var visitors = SampleShop.Customers.Where(c => c.Purchases.Count == 0).ToList();
        Assert.InRange(visitors.Count, 120, 180);
        Assert.All(visitors, v => Assert.True(v.Truth.Cold && v.Browsing.Count > 0 && v.Contacts.Count == 0));
        Assert.InRange(visitors.Count(v => v.Truth.Visitor), 80, 140);
    }

    [Fact]
    public void Nobody_orders_after_the_day_on_which_they_dropped_out() =>
        Assert.All(s_buyers.Where(c => c.Truth.DroppedOut is not null),
            c => Assert.True(SampleShop.Orders(c)[^1].At < c.Truth.DroppedOut!.Value.ToDateTime(TimeOnly.MinValue)));

    [Fact]
    public void A_third_of_those_in_a_campaign_are_held_out_cost_nothing_and_do_not_respond()
    {
        var contacts = SampleShop.Customers.SelectMany(c => c.Contacts).ToList();
        var heldOut = contacts.Where(c => c.Treatment == "control").ToList();
        Assert.InRange(heldOut.Count / (double)contacts.Count, 0.30, 0.37);
        Assert.All(heldOut, c => Assert.True(c.Cost.Amount == 0 && c.RespondedAt is null));
        var treated = contacts.Where(c => c.Treatment != "control").ToList();
        Assert.All(treated, c => Assert.True(c.Cost.Amount > 0 && (c.RespondedAt is null || c.RespondedAt > c.At)));
        Assert.InRange(treated.Average(c => c.RespondedAt is null ? 0 : 1.0), 0.1, 0.4);
    }

    [Fact]
    public void Campaigns_help_on_average_and_put_some_customers_off()
    {
        var uplift = SampleShop.Customers.SelectMany(c => c.Truth.Contacts).Select(c => c.ChanceWith - c.ChanceWithout).ToList();
        Assert.InRange(uplift.Average(), 0.02, 0.10);
        Assert.InRange(uplift.Average(u => u < 0 ? 1.0 : 0), 0.05, 0.30);
    }

    [Fact]
    public void What_was_felt_when_a_text_was_written_tells_more_than_the_days_since_the_last_order()
    {
        // Among writers of one recency band, those who last meant to leave stay away more often than those who meant to restock.
        var groups = s_buyers.Select(c => (Customer: c, Text: c.Truth.Texts.LastOrDefault(t => t.At < s_cutoff && t.At > s_cutoff.AddDays(-150))))
            .Where(x => x.Text is not null && SampleShop.Orders(x.Customer).LastOrDefault(o => o.At < s_cutoff).At > s_cutoff.AddDays(-150))
            .GroupBy(x => x.Text!.Intent).ToDictionary(g => g.Key, g => g.Average(x => SampleShop.Churned(x.Customer, s_cutoff) == true ? 1.0 : 0));
        Assert.True(groups["leave"] > groups["restock"] + 0.1, string.Join(", ", groups));
    }
}
