using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Ingestion;

public sealed class PurchaseCsvTests
{
    private const string Header = "customer_id,order_id,purchased_at,product_id,quantity,unit_price,currency\n";

    [Fact]
    public void Reads_the_sample_shop()
    {
        var purchases = PurchaseCsv.Read(Path.Combine(RealData.Root, "data-samples", "shop", "purchases.csv"));
        Assert.NotEmpty(purchases);
        Assert.Contains(purchases, p => p.IsReturn);
    }

    [Fact]
    public void A_bad_row_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.csv", Header + "a,1,2024-01-01,p,1,2.50,GBP\na,2,yesterday,p,1,2.50,GBP\n");
        var error = Assert.Throws<InvalidDataException>(() => PurchaseCsv.Read(path));
        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => PurchaseCsv.Read("nowhere.csv"));
        Assert.Contains("nowhere.csv", error.Message, StringComparison.Ordinal);
    }
}
