using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Ingestion;

public class DatasetTests
{
    private const string Header = "customer_id,order_id,purchased_at,product_id,quantity,unit_price,currency\n";
    private const string Good = "c1,o1,2024-03-01 10:00:00,p1,2,9.95,EUR\n";

    [Fact]
    public void Online_retail_has_the_rows_customers_and_money_of_its_provenance()
    {
        var data = Dataset.Named("online_retail_ii", RealData.Need("online_retail_ii"));
        using var log = new ReadLog();
        var lines = data.Purchases(Pseudonyms.Published, log).ToList();
        Assert.Equal((525_461, 541_909), (log.Files[0].Read, log.Files[1].Read));
        Assert.Equal((107_927, 135_080), (All(log.Files[0], "no customer"), All(log.Files[1], "no customer")));
        Assert.Equal(22_523, All(log.Files[0], "overlap with the second file (2010-12-01 or later)"));
        Assert.Equal(6, log.Rejected.Where(r => r.Reason.StartsWith("bad debt", StringComparison.Ordinal)).Sum(r => r.Rows));
        Assert.Equal((805_888, 5_876), (lines.Count, lines.Select(p => p.CustomerId).Distinct().Count()));
        var (orders, returns) = (lines.Where(p => !p.IsReturn).ToList(), lines.Where(p => p.IsReturn).ToList());
        Assert.Equal((36_597, 17_124_926.23m), (orders.Select(p => p.OrderId).Distinct().Count(), orders.Sum(p => p.Amount.Amount)));
        Assert.Equal((7_282, -713_009.65m), (returns.Select(p => p.OrderId).Distinct().Count(), returns.Sum(p => p.Amount.Amount)));
        Assert.All(lines.GroupBy(p => p.OrderId), order => Assert.Single(order.Select(p => p.At).Distinct()));
    }

    [Fact]
    public void Cdnow_has_the_rows_customers_and_money_of_its_provenance()
    {
        var lines = Dataset.Named("cdnow", RealData.Need("cdnow")).Purchases(Pseudonyms.Published).ToList();
        Assert.Equal((6_919, 2_357, 244_091.94m), (lines.Count, lines.Select(p => p.CustomerId).Distinct().Count(), lines.Sum(p => p.Amount.Amount)));
        Assert.Equal(6_696, lines.Select(p => (p.CustomerId, p.At.Date)).Distinct().Count());
        Assert.Equal(6_919, lines.Select(p => p.OrderId).Distinct().Count());
        Assert.Equal(8, lines.Count(p => p.Amount.Amount == 0));
        Assert.Contains(lines, p => p.Quantity == 3 && decimal.Round(p.UnitPrice, 4) * 3 != p.Amount.Amount);     // the total is exact even so
    }

    [Theory]
    [InlineData("c1,o1,yesterday,p1,2,9.95,EUR", "bad time", "at is 'yesterday'; expected iso")]
    [InlineData("c1,o1,,p1,2,9.95,EUR", "missing value", "at is empty")]
    [InlineData("c1,o1,1024-03-01,p1,2,9.95,EUR", "time out of range", "1024-03-01 00:00:00; times lie between 1990-01-01 and 2099-12-31")]
    [InlineData("c1,o1,2024-03-01,p1,two,9.95,EUR", "bad number", "quantity is 'two'")]
    [InlineData("c1,o1,2024-03-01,p1,2,9.95x,EUR", "bad number", "unit_price is '9.95x'; expected a number of up to 18 digits, decimal mark '.', no thousands mark")]
    [InlineData("c1,o1,2024-03-01,p1,2,99999999999999999999,EUR", "bad number", "up to 18 digits")]
    [InlineData("c1,o1,2024-03-01,p1,99999999,9.95,EUR", "number out of range", "quantity is 99999999; at most 1000000")]
    [InlineData("c1,o1,2024-03-01,p1,1000000,999999999,EUR", "number out of range", "is more than")]
    [InlineData("c1,o1,2024-03-01,p1,0,9.95,EUR", "number out of range", "quantity is 0")]
    [InlineData("c1,o1,2024-03-01,p1,2,9.95001,EUR", "too many decimals", "4 decimals are kept (round: true")]
    [InlineData("c1,o1,2024-03-01,p1,2,9.95,euros", "bad currency", "currency is 'EUROS'")]
    [InlineData(",o1,2024-03-01,p1,2,9.95,EUR", "no customer", "")]
    [InlineData("c1,,2024-03-01,p1,2,9.95,EUR", "missing value", "order_id is empty")]
    [InlineData("c1,o1,2024-03-01,p1,2", "too few fields", "5 fields where 7 are expected")]
    [InlineData("c1,o1,2024-03-01,p1,2,9.95,EUR,x", "too many fields", "8 fields where 7 are expected")]
    [InlineData("c1,\"o1,2024-03-01,p1,2,9.95,EUR", "broken quotes", "a quote that opens here is never closed")]
    [InlineData("c1,\"o\"1,2024-03-01,p1,2,9.95,EUR", "broken quotes", "text follows a closing quote")]
    [InlineData("c1,o\0,2024-03-01,p1,2,9.95,EUR", "NUL byte", "a NUL byte at position 4")]
    public void A_bad_row_is_rejected_with_its_reason_and_stops_nothing(string row, string reason, string detail)
    {
        using var folder = new TemporaryFolder();
        var padding = string.Concat(Enumerable.Repeat(Good, 200));                                             // keeps the NUL out of the beginning, where it would mean a binary file
        folder.Write("purchases.csv", Header + padding + row + "\n" + Good);
        var rejects = folder.In("rejects.jsonl");
        using (var log = new ReadLog(rejects))
        {
            Assert.Equal(201, Dataset.Open(folder.Path).Purchases(Pseudonyms.Published, log).Count());
            var rejected = Assert.Single(log.Rejected);
            Assert.Equal((reason, 1), (rejected.Reason, rejected.Rows));
            Assert.Contains(detail, rejected.Examples[0].Detail, StringComparison.Ordinal);
            Assert.Equal((202, 201, 1), (log.Files[0].Read, log.Files[0].Kept, log.Files[0].Rejected));
        }
        using var json = JsonDocument.Parse(File.ReadAllText(rejects));
        Assert.Equal(("purchases.csv", 202, reason, row), (
            json.RootElement.GetProperty("source").GetString(), json.RootElement.GetProperty("line").GetInt32(), json.RootElement.GetProperty("reason").GetString(), json.RootElement.GetProperty("row").GetString()));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_rejected_and_kept_as_they_were()
    {
        using var folder = new TemporaryFolder();
        byte[] row = [.. "c1,o1,2024-03-01,caf"u8, 0xe9, .. ",2,9.95,EUR"u8];
        File.WriteAllBytes(folder.In("purchases.csv"), [.. Encoding.UTF8.GetBytes(Header), .. row, (byte)'\n']);
        using (var log = new ReadLog(folder.In("rejects.jsonl")))
        {
            Assert.Empty(Dataset.Open(folder.Path).Purchases(Pseudonyms.Published, log));
            Assert.Contains("encoding: windows-1252", log.Rejected[0].Examples[0].Detail, StringComparison.Ordinal);
        }
        using var json = JsonDocument.Parse(File.ReadAllText(folder.In("rejects.jsonl")));
        Assert.Equal(row, json.RootElement.GetProperty("row_base64").GetBytesFromBase64());

        folder.Write("mapping.yaml", "encoding: windows-1252\n");
        Assert.Equal("café", Assert.Single(Dataset.Open(folder.Path).Purchases(Pseudonyms.Published)).ProductId);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("  \n\n", "the file is empty")]
    [InlineData("<!DOCTYPE html><html><body>Sign in</body></html>", "this is an HTML page")]
    [InlineData("PAR1\0\0\0", "this is a Parquet file")]
    [InlineData("\u0001\0\u0002\0rows", "this is a binary file")]
    [InlineData("customer,order,when\n1,2,3\n", "missing customer_id, order_id, at, quantity, unit_price or amount, currency")]
    [InlineData("customer,order,when\n1,2,3\n", "Found the columns 'customer', 'order', 'when'")]
    [InlineData("customer_id;order_id;at;quantity;unit_price;currency\n1;2;3;4;5;6\n", "it looks like delimiter: semicolon")]
    [InlineData("customer_id\torder_id\tat\tquantity\tunit_price\n1\t2\t3\t4\t5\n", "it looks like delimiter: tab")]
    [InlineData("customer_id,order_id,at,quantity,currency\n", "missing unit_price or amount")]
    [InlineData("customer_id,order_id,at,quantity,amount\n", "missing currency (a column, or currency: GBP at the top of the mapping)")]
    [InlineData("customer_id,order_id,at,AT,quantity,amount,currency\n", "two columns are called 'at' (numbers 3 and 4)")]
    [InlineData("\"customer_id,order_id\n", "the first line can't be read as columns")]
    public void A_file_that_is_no_such_table_is_refused_with_what_was_found(string text, string said)
    {
        using var folder = new TemporaryFolder();
        folder.Write("purchases.csv", text);
        var error = Assert.Throws<TableRefusedException>(() => Dataset.Open(folder.Path).Purchases(Pseudonyms.Published).Count());
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("purchases.csv: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_told_apart_by_content_plain_gzip_and_zip()
    {
        using var folder = new TemporaryFolder();
        var bytes = Encoding.UTF8.GetBytes(Header + Good);
        using (var gzip = new GZipStream(File.Create(folder.In("a.csv.gz")), CompressionLevel.Fastest)) gzip.Write(bytes);
        File.WriteAllBytes(folder.In("b.csv"), bytes);
        using (var zip = ZipFile.Open(folder.In("c.zip"), ZipArchiveMode.Create))
        {
            using (var note = zip.CreateEntry("note.txt").Open()) note.Write("not this"u8);
            using var entry = zip.CreateEntry("orders.csv").Open();
            entry.Write(bytes);
        }
        folder.Write("mapping.yaml", "purchases:\n  files: ['*.csv*', '*.zip']\n  entry: orders.csv\n");
        Assert.Equal(3, Dataset.Open(folder.Path).Purchases(Pseudonyms.Published).Count());

        folder.Write("mapping.yaml", "purchases:\n  files: c.zip\n");
        var error = Assert.Throws<TableRefusedException>(() => Dataset.Open(folder.Path).Purchases(Pseudonyms.Published).Count());
        Assert.Contains("holds 2 files where one is expected: note.txt, orders.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_off_gzip_file_is_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        using (var gzip = new GZipStream(File.Create(folder.In("whole.gz")), CompressionLevel.Fastest))
            for (var i = 0; i < 20_000; i++) gzip.Write(Encoding.UTF8.GetBytes(i == 0 ? Header : $"c{i},o{i * 7919},2024-03-01,p{i * 31},2,9.95,EUR\n"));
        File.WriteAllBytes(folder.In("purchases.csv.gz"), File.ReadAllBytes(folder.In("whole.gz"))[..^2000]);
        var error = Assert.Throws<TableRefusedException>(() => Dataset.Open(folder.Path).Purchases(Pseudonyms.Published).Count());
        Assert.Contains("Copy it again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_files_says_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        folder.Write("orders.csv", Header);
        var error = Assert.Throws<FileNotFoundException>(() => Dataset.Open(folder.Path));
        Assert.Contains("no file called purchases.*", error.Message, StringComparison.Ordinal);
        Assert.Contains("It holds: orders.csv", error.Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => Dataset.Open(folder.In("nowhere")));
        Assert.Contains("cdnow, online_retail_ii", Assert.Throws<ArgumentException>(() => Dataset.Named("cdnov", folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_is_that_of_content_and_mapping_and_not_of_place_or_name()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (Directory.CreateDirectory(folder.In("one")).FullName, Directory.CreateDirectory(folder.In("two")).FullName);
        File.WriteAllText(Path.Combine(one, "purchases.csv"), Header + Good);
        File.WriteAllText(Path.Combine(two, "purchases.csv"), Header + Good);
        File.WriteAllText(Path.Combine(one, "mapping.yaml"), "name: shop\n");
        File.WriteAllText(Path.Combine(two, "mapping.yaml"), "# a remark\nname: shop\n");
        var before = Dataset.Open(one).Fingerprint;
        Assert.Equal(before, Dataset.Open(two).Fingerprint);
        File.AppendAllText(Path.Combine(two, "purchases.csv"), Good);
        Assert.NotEqual(before, Dataset.Open(two).Fingerprint);
        File.WriteAllText(Path.Combine(one, "mapping.yaml"), "name: shop\nround: true\n");
        Assert.NotEqual(before, Dataset.Open(one).Fingerprint);
    }

    private static long All(FileReport file, string reason) => file.RejectedByReason.Where(r => r.Reason == reason).Sum(r => r.Rows + r.Also);
}
