using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Totals that the description of the Steam reviews tells, and writers at the end of the day of their first review.</summary>
public sealed class SteamReviewsTests
{
    [Fact]
    public void Reviews_writers_days_and_repeats_are_those_that_are_told()
    {
        var dataset = Dataset.Named("steam_reviews", Path.GetDirectoryName(RealData.Need("steam_reviews/user_reviews.csv.gz"))!);
        var owned = dataset.Purchases(Pseudonyms.Published).ToList();
        Assert.Equal(29_638, owned.Count);
        Assert.Equal(16_711, owned.Select(o => o.CustomerId).Distinct().Count());
        Assert.Equal((new DateTime(2010, 10, 25), new DateTime(2016, 9, 18)), (owned.Min(o => o.At), owned.Max(o => o.At)));
        Assert.Equal(416, owned.Count - owned.DistinctBy(o => (o.CustomerId, o.ProductId)).Count());
        Assert.Equal(4_586, owned.Count(o => o.At.Year == 2016));              // 15.5 % of rows tell no year
        Assert.Equal(.352, owned.GroupBy(o => o.CustomerId).Average(o => o.Count() > 1 ? 1.0 : 0), .0005);

        var reviews = dataset.Read(Pseudonyms.Published, new ReadLog()).OfType<RecordBatch<Review>>().SelectMany(b => b.Records.ToArray()).ToList();
        Assert.Equal(29_638, reviews.Count);
        Assert.Equal((26_862, 2_776), (reviews.Count(r => r.Stars == 5), reviews.Count(r => r.Stars == 1)));
    }

    [Fact]
    public void Who_writes_again_within_180_days_is_told_for_first_reviews_alone()
    {
        using var folder = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"));
        warehouse.Load(Dataset.Named("steam_reviews", Path.GetDirectoryName(RealData.Need("steam_reviews/user_reviews.csv.gz"))!), Pseudonyms.Published);
        var source = new FeatureQuery("rfm") { Words = new() { Columns = 256 } }.Over(warehouse);
        var first = source.AtFirstOrders(new(new(2014, 1, 1), new(2015, 1, 1)));
        Assert.Equal(7_387, first.Rows);
        Assert.All(first["tenure_days"], days => Assert.Equal(1, days));
        Assert.Equal(1 - .1878, source.LabelsFor(first, 180).Churned.Average(gone => gone ? 1.0 : 0), .003);      // counted by hand over the file, 180 days from the first day on
        Assert.InRange(first["name_words"].Average(), 10, 100);
    }
}
