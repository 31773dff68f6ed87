using CustomerValue.DuckDb;
using CustomerValue.Features;

namespace CustomerValue.Tests;

/// <summary>Rows and labels of orii180 as the measuring protocol states them, independently computed with pandas.</summary>
public sealed class OnlineRetailTests
{
    [Fact]
    public void Rows_churn_and_spend_are_those_of_the_protocol()
    {
        using var warehouse = RealWarehouses.OnlineRetail();
        var source = new FeatureQuery("purchase_history", "rfm").Over(warehouse.Open());

        var expected = new (DateOnly Cutoff, int Rows, double Churn)[]
        {
            (new(2010, 6, 1), 2684, .2869), (new(2010, 9, 1), 3299, .3534), (new(2010, 12, 1), 4239, .5188), (new(2011, 6, 1), 4908, .4853),
        };
        foreach (var (cutoff, rows, churn) in expected)
        {
            var table = source.At(cutoff);
            var labels = source.LabelsFor(table, 180);
            Assert.Equal(rows, table.Rows);
            Assert.Equal(churn, labels.Churned.Average(c => c ? 1.0 : 0.0), 0.00005);
        }

        var test = source.LabelsFor(source.At(new(2011, 6, 1)), 180);
        Assert.Equal(824.56, test.Spend.Average(), 0.005);
        Assert.Equal(4_046_945.54, test.Spend.Sum(), 0.005);
        // The protocol says .4863, that is 2,387: its sums were binary, and left customer 17460, who gave everything back, with 1.4e-14 pounds. Exactly it is one more.
        Assert.Equal(2388, test.Spend.Count(s => s == 0));
    }
}
