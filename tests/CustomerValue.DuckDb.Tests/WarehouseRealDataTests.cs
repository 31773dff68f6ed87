using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

public class WarehouseRealDataTests
{
    [Fact]
    public void Online_retail_has_the_totals_of_the_protocol()
    {
        var source = RealData.Need("online_retail_ii");
        using var folder = new TemporaryFolder();
        var report = Warehouse.OpenOrCreate(folder.In("warehouse")).Load(Dataset.Named("online_retail_ii", source), Pseudonyms.Published);
        Assert.Equal(525_461 + 541_909, report.Read);
        Assert.Equal(805_888, report.Kept);
        Assert.Equal(0, report.AlreadyLoaded);
        Assert.Equal(report.Read, report.Kept + report.Rejected);
        Assert.Equal(5_876, report.Customers);
        Assert.Equal(new MoneyReport("GBP", 36_597, 17_124_926.23m, 7_282, -713_009.65m), Assert.Single(report.Money));
        Assert.Equal(new DateTime(2009, 12, 1, 7, 45, 0), report.Tables[0].First);
        Assert.Equal(new DateTime(2011, 12, 9, 12, 50, 0), report.Tables[0].Last);
    }

    [Fact]
    public void Cdnow_has_the_totals_of_its_publishers()
    {
        var source = RealData.Need("cdnow");
        using var folder = new TemporaryFolder();
        var report = Warehouse.OpenOrCreate(folder.In("warehouse")).Load(Dataset.Named("cdnow", source), Pseudonyms.Published);
        Assert.Equal((6_919, 6_919, 0), (report.Read, report.Kept, report.Rejected));
        Assert.Equal(2_357, report.Customers);
        Assert.Equal(new MoneyReport("USD", 6_919, 244_091.94m, 0, 0), Assert.Single(report.Money));
        Assert.Null(report.RejectFile);
    }
}
