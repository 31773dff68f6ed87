using CustomerValue.DuckDb;
using CustomerValue.Features;

namespace CustomerValue.Tests;

/// <summary>Purchase histories of the CDNOW sample as in Fader, Hardie and Lee (2005).</summary>
public sealed class CdnowTests
{
    [Fact]
    public void Histories_are_those_of_the_paper()
    {
        using var warehouse = RealWarehouses.Cdnow();
        var source = new FeatureQuery("purchase_history").Over(warehouse.Open());
        var histories = PurchaseHistories.From(source.At(new(1997, 10, 1)));

        Assert.Equal(2357, histories.Count);
        Assert.Equal(2.0, histories.Frequency[0]);
        Assert.Equal(30.43, histories.Recency[0], 0.005);
        Assert.Equal(38.86, histories.Age[0], 0.005);

        var labels = source.LabelsFor(source.At(new(1997, 10, 1)), 39 * 7);
        Assert.Equal(1882, labels.Purchases.Sum());
    }
}
