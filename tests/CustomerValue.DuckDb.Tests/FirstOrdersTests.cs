using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Customers at the end of the day of their first order.</summary>
public sealed class FirstOrdersTests
{
    private static readonly FirstOrders s_period = new(new(2024, 3, 1), new(2024, 3, 22));

    [Fact]
    public void Rows_churn_and_spend_are_those_of_the_protocol()
    {
        using var warehouse = RealWarehouses.OnlineRetail();
        var source = new FeatureQuery("purchase_history", "rfm", "baskets").Over(warehouse.Open());
        var train = source.AtFirstOrders(new(new(2010, 1, 1), new(2010, 7, 5)));
        var test = source.AtFirstOrders(new(new(2011, 1, 1), new(2011, 6, 1)));
        Assert.Equal((2028, 593), (train.Rows, test.Rows));
        Assert.Equal(new DateOnly(2011, 6, 1), test.Cutoff);
        Assert.All(test["frequency"], x => Assert.Equal(0, x));

        var labels = source.LabelsFor(test, 180);
        Assert.Equal(.4739, labels.Churned.Average(gone => gone ? 1.0 : 0.0), .00005);
        Assert.Equal(452.50, labels.Spend.Average(), .005);
    }

    [Fact]
    public void A_row_is_what_the_customer_s_table_says_at_its_own_cutoff()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var source = new FeatureQuery().Over(warehouse.Open());
        var table = source.AtFirstOrders(s_period);
        Assert.InRange(table.Rows, 10, 300);
        Assert.All(table["tenure_days"], days => Assert.Equal(1, days));
        Assert.All(table.OwnCutoffs!, own => Assert.InRange(own, s_period.From.AddDays(1), s_period.To));

        var labels = source.LabelsFor(table, 60);
        foreach (var day in table.OwnCutoffs!.Distinct())
        {
            var plain = source.At(day);
            var then = source.LabelsFor(plain, 60);
            var at = Enumerable.Range(0, plain.Rows).ToDictionary(row => plain.CustomerIds[row]);
            foreach (var row in Enumerable.Range(0, table.Rows).Where(row => table.OwnCutoffs![row] == day))
            {
                var other = at[table.CustomerIds[row]];
                // What the whole shop sold is known up to the period's first day only.
                foreach (var feature in table.Features.Where(f => f.Name != "price_over_shop")) Assert.Equal(plain[feature.Name][other], table[feature.Name][row]);
                Assert.Equal((then.Spend[other], then.Churned[other], then.Purchases[other]), (labels.Spend[row], labels.Churned[row], labels.Purchases[row]));
            }
        }
    }

    [Fact]
    public void Whatever_happens_after_a_customer_s_first_day_no_bit_of_a_feature_changes()
    {
        var scrambled = SmallShop.Script + """
            CREATE TEMP TABLE firsts AS SELECT customer_id, min(CAST(purchased_at AS DATE)) + 1 AS cutoff FROM purchases WHERE NOT is_return GROUP BY customer_id;
            DELETE FROM purchases USING firsts WHERE purchases.customer_id = firsts.customer_id AND purchased_at >= cutoff AND hash(order_id) % 2 = 0;
            UPDATE purchases SET amount = amount * 7, quantity = quantity + 3, description = 'UNHEARD OF' FROM firsts WHERE purchases.customer_id = firsts.customer_id AND purchased_at >= cutoff;
            DELETE FROM browsing_events USING firsts WHERE browsing_events.customer_id = firsts.customer_id AND occurred_at >= cutoff;
            DELETE FROM campaign_contacts USING firsts WHERE campaign_contacts.customer_id = firsts.customer_id AND contacted_at >= cutoff;
            DROP TABLE firsts;
            """;
        using var before = new TestWarehouse(SmallShop.Script);
        using var after = new TestWarehouse(scrambled);
        // What the whole shop sold before the period is part of price_level, and the period's customers had no part in it.
        var period = s_period with { To = s_period.From.AddDays(90) };
        var query = new FeatureQuery([.. FeatureQuery.AllSets.Except(["price_level"])]) { Words = new() { Columns = 64 } };
        var (a, b) = (query.Over(before.Open()).AtFirstOrders(period), query.Over(after.Open()).AtFirstOrders(period));
        Assert.Equal(a.CustomerIds, b.CustomerIds);
        Assert.Equal(a.OwnCutoffs, b.OwnCutoffs);
        for (var c = 0; c < a.Columns.Count; c++) Assert.Equal(a.Columns[c], b.Columns[c]);
    }

    [Fact]
    public void A_table_with_cutoffs_of_its_own_is_kept_as_it_is()
    {
        using var folder = new TemporaryFolder();
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var table = new FeatureQuery("rfm").Over(warehouse.Open()).AtFirstOrders(s_period);
        FeatureTableParquet.Write(table, folder.In("table.parquet"));
        Assert.Equal(table.OwnCutoffs, FeatureTableParquet.Read(folder.In("table.parquet")).OwnCutoffs);
        Assert.Equal([table.OwnCutoffs![1], table.OwnCutoffs[3]], table.At([1, 3]).OwnCutoffs);
        Assert.Equal(table.OwnCutoffs, table.Select(["orders"]).OwnCutoffs);
        var error = Assert.Throws<ArgumentException>(() => new FeatureTable(new(2024, 1, 1), ["a"], [], [], [new(2024, 1, 2)]));
        Assert.Contains("'a' has the cutoff 2024-01-02, after that of the table, 2024-01-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_period_without_newcomers_or_without_days_is_refused()
    {
        using var warehouse = new TestWarehouse(SmallShop.Script);
        var source = new FeatureQuery("rfm").Over(warehouse.Open());
        Assert.Contains("No customer's first order", Assert.Throws<InvalidOperationException>(() => source.AtFirstOrders(new(new(2035, 1, 1), new(2035, 2, 1)))).Message, StringComparison.Ordinal);
        Assert.Contains("has no day", Assert.Throws<ArgumentException>(() => source.AtFirstOrders(new(new(2025, 2, 1), new(2025, 2, 1)))).Message, StringComparison.Ordinal);
    }
}
