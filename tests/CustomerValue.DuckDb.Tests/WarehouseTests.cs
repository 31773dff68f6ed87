using System.Diagnostics;
using System.Globalization;
using System.Text;
using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using CustomerValue.Testing;
using DuckDB.NET.Data;

namespace CustomerValue.Tests;

public class WarehouseTests
{
    private const string Header = "customer_id,order_id,at,product_id,quantity,unit_price,currency\n";

    [Fact]
    public void Every_record_comes_back_as_it_went_in()
    {
        using var folder = new TemporaryFolder();
        var shop = folder.Shop("shop", ("purchases.csv", Header + "c1,o1,2024-03-01 10:00:01,p1,1.5,9.95,EUR\nc1,o1,2024-03-01 10:00:01,\"漢字, quoted and longer than twelve\",2,0.0001,EUR\nc2,o2,2024-03-02,p1,-1,9.95,USD\n"),
            ("campaigns.csv", "customer_id,campaign_id,at,treatment,channel,cost,currency,responded_at\nc3,k,2024-01-01,coupon,email,0.1234,EUR,\nc1,k,2024-01-01,control,,,,2024-01-02 03:04:05\n"),
            ("dialogues.csv", "customer_id,dialogue_id,turn,at,speaker,text\nc1,d,2,2024-01-01,agent,\"a\nb\"\n"),
            ("reviews.csv", "customer_id,at,product_id,stars,text\nc1,2024-01-01,p1,5,😀\n"),
            ("browsing.csv", "customer_id,session_id,at,kind,product_id,query,dwell_seconds\nc9,s,2024-01-01 00:00:00.25,view,p1,,12.5\n"));
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"));
        var report = warehouse.Load(Dataset.Open(shop), Pseudonyms.Published);
        Assert.Equal((8, 8, 0, 4), (report.Read, report.Kept, report.Rejected, report.Customers));
        Assert.Equal([new("EUR", 1, 14.9252m, 0, 0), new("USD", 0, 0, 1, -9.95m)], report.Money);                 // 1.5 x 9.95 = 14.925, and .0002
        Assert.Equal(
            ["c1|o1|2024-03-01 10:00:01|p1|||1.500|9.9500|14.9250|EUR|false", "c1|o1|2024-03-01 10:00:01|漢字, quoted and longer than twelve|||2.000|0.0001|0.0002|EUR|false",
             "c2|o2|2024-03-02 00:00:00|p1|||-1.000|9.9500|-9.9500|USD|true"], Rows(warehouse, RecordKind.Purchases, "* EXCLUDE (row_hash, occurrence)"));
        Assert.Equal(["c1|k|2024-01-01 00:00:00|control||0.0000||2024-01-02 03:04:05", "c3|k|2024-01-01 00:00:00|coupon|email|0.1234|EUR|NULL"], Rows(warehouse, RecordKind.CampaignContacts, "* EXCLUDE (row_hash, occurrence)"));
        Assert.Equal(["c1|d|2|2024-01-01 00:00:00|agent|a\nb"], Rows(warehouse, RecordKind.DialogueTurns, "* EXCLUDE (row_hash, occurrence)"));
        Assert.Equal(["c1|2024-01-01 00:00:00|p1|5|😀"], Rows(warehouse, RecordKind.Reviews, "* EXCLUDE (row_hash, occurrence)"));
        Assert.Equal(["c9|s|2024-01-01 00:00:00.25|view|p1||12.5"], Rows(warehouse, RecordKind.BrowsingEvents, "* EXCLUDE (row_hash, occurrence)"));
        Assert.All(warehouse.AllFiles, f => Assert.All(Customers(warehouse, f), c => Assert.Equal(f.Partition, Warehouse.PartitionOf(c, warehouse.Partitions))));
    }

    [Fact]
    public void Loading_the_same_files_twice_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"));
        var shop = folder.Shop("shop", ("purchases.csv", Header + Lines(0, 500)));
        var first = warehouse.Load(Dataset.Open(shop), Pseudonyms.Published);
        var before = Files(folder.In("warehouse"));
        var again = Warehouse.Open(folder.In("warehouse")).Load(Dataset.Open(shop), Pseudonyms.Published);
        Assert.True(again.WasLoadedBefore);
        Assert.Equal((first.Kept, first.LoadId, first.WarehouseFingerprint), (again.Kept, again.LoadId, again.WarehouseFingerprint));
        Assert.Equal(before, Files(folder.In("warehouse")));
    }

    [Fact]
    public void Overlapping_files_give_each_row_once_but_keep_lines_that_stand_twice()
    {
        using var folder = new TemporaryFolder();
        var twice = "c1,o1,2024-03-01,p1,1,9.95,EUR\n";
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"));
        var first = warehouse.Load(Dataset.Open(folder.Shop("one", ("purchases.csv", Header + twice + twice + Lines(0, 300)))), Pseudonyms.Published);
        Assert.Equal((302, 0), (first.Kept, first.AlreadyLoaded));
        var grown = warehouse.Load(Dataset.Open(folder.Shop("two", ("purchases.csv", Header + twice + twice + twice + Lines(100, 400)))), Pseudonyms.Published);
        Assert.Equal((101, 202), (grown.Kept, grown.AlreadyLoaded));
        Assert.Equal(403, warehouse.Rows(RecordKind.Purchases));

        // The same rows in one load of two files, in another warehouse, in another order of files: the same records, so the same fingerprint.
        var shop = folder.Shop("both", ("a.csv", Header + twice + twice + twice + Lines(100, 400)), ("b.csv", Header + twice + twice + Lines(0, 300)), ("mapping.yaml", "purchases:\n  files: ['*.csv']\n"));
        var other = Warehouse.OpenOrCreate(folder.In("other"), new() { Partitions = 3, Threads = 1 });
        Assert.Equal((403, 202), (other.Load(Dataset.Open(shop), Pseudonyms.Published) is var r ? (r.Kept, r.AlreadyLoaded) : default));
        Assert.Equal(warehouse.Fingerprint, other.Fingerprint);
        Assert.NotEqual(first.WarehouseFingerprint, warehouse.Fingerprint);
    }

    [Fact]
    public void Same_input_gives_the_same_bytes_for_any_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        var shop = folder.Shop("shop", ("purchases.csv", Header + Lines(0, 20_000)));
        foreach (var threads in new[] { 1, 4 })
            Warehouse.OpenOrCreate(folder.In($"warehouse{threads}"), new() { Threads = threads, Partitions = 4 }).Load(Dataset.Open(shop), Pseudonyms.Keyed("sixteen bytes or more"u8, "test"));
        var (one, four) = (Parquet(folder.In("warehouse1")), Parquet(folder.In("warehouse4")));
        Assert.Equal(4, one.Count);
        Assert.Equal(one, four);
    }

    [Fact]
    public void Another_key_is_refused_because_one_customer_would_be_two()
    {
        using var folder = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"));
        warehouse.Load(Dataset.Open(folder.Shop("one", ("purchases.csv", Header + Lines(0, 5)))), Pseudonyms.Keyed("the first key, long enough"u8, "key one"));
        var error = Assert.Throws<WarehouseException>(() => warehouse.Load(Dataset.Open(folder.Shop("two", ("purchases.csv", Header + Lines(5, 9)))), Pseudonyms.Published));
        Assert.Contains("One customer would be two. Give the key of the first load", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, Warehouse.Open(folder.In("warehouse")).Rows(RecordKind.Purchases));
    }

    [Fact]
    public void A_load_that_fails_or_is_cancelled_half_way_leaves_the_warehouse_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"));
        warehouse.Load(Dataset.Open(folder.Shop("one", ("purchases.csv", Header + Lines(0, 50)))), Pseudonyms.Published);
        var (before, files) = (warehouse.Fingerprint, Parquet(folder.In("warehouse")));

        var broken = folder.Shop("broken", ("purchases.csv", Header + Lines(0, 9_000)), ("reviews.csv", "no,such,columns\n"));
        Assert.Throws<TableRefusedException>(() => warehouse.Load(Dataset.Open(broken), Pseudonyms.Published));
        Assert.Equal(before, Warehouse.Open(folder.In("warehouse")).Fingerprint);
        Assert.Equal(files, Parquet(folder.In("warehouse")));

        using var stop = new CancellationTokenSource();
        var stopping = new OnProgress(p => { if (p is { Stage: "writing", Done: > 0 }) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            warehouse.Load(Dataset.Open(folder.Shop("two", ("purchases.csv", Header + Lines(0, 9_000)))), Pseudonyms.Published, progress: stopping, cancellation: stop.Token));
        Assert.Equal(before, Warehouse.Open(folder.In("warehouse")).Fingerprint);
        var next = warehouse.Load(Dataset.Open(folder.In("two")), Pseudonyms.Published);
        Assert.Equal((8_950, 50), (next.Kept, next.AlreadyLoaded));
        Assert.Equal(warehouse.AllFiles.Count, Parquet(folder.In("warehouse")).Count);                            // nothing strays
    }

    [Fact]
    public void A_killed_load_leaves_the_warehouse_as_it_was_and_the_next_one_goes_through()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "stops a process by signal");
        using var folder = new TemporaryFolder();
        var target = folder.In("warehouse");
        var warehouse = Warehouse.OpenOrCreate(target);
        warehouse.Load(Dataset.Open(folder.Shop("one", ("purchases.csv", Header + Lines(0, 50)))), Pseudonyms.Published);
        var before = warehouse.Fingerprint;
        var shop = folder.Shop("large", ("purchases.csv", Header + Lines(0, 300_000)));

        using (var child = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(LoadAndWait).Assembly.Location, LoadAndWait.Word, target, shop }, RedirectStandardOutput = true,
        })!)
        {
            Assert.Equal(LoadAndWait.HalfWay, child.StandardOutput.ReadLine());                                 // some partitions are written, nothing is committed

            // It holds the warehouse: a second load says so, and readers see what was there before.
            var error = Assert.Throws<WarehouseException>(() => warehouse.Load(Dataset.Open(shop), Pseudonyms.Published));
            Assert.Contains($"Another load is writing to {target} (process {child.Id.ToString(CultureInfo.InvariantCulture)})", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, Warehouse.Open(target).Fingerprint);
            child.Kill();
            child.WaitForExit();
        }
        Assert.Equal(before, Warehouse.Open(target).Fingerprint);
        Assert.True(Parquet(target).Count > warehouse.AllFiles.Count);                                          // what the killed load left
        Assert.Equal(299_950, warehouse.Load(Dataset.Open(shop), Pseudonyms.Published).Kept);
        Assert.Equal(warehouse.AllFiles.Count, Parquet(target).Count);
    }

    [Fact]
    public void More_records_than_memory_go_to_disk_and_back()
    {
        using var folder = new TemporaryFolder();
        var warehouse = Warehouse.OpenOrCreate(folder.In("warehouse"), new() { Memory = "60MB", Threads = 1, Partitions = 4 });
        var report = warehouse.Load(Dataset.Open(folder.Shop("large", ("purchases.csv", Header + Lines(0, 400_000)))), Pseudonyms.Keyed("sixteen bytes or more"u8, "test"));
        Assert.Equal(400_000, report.Kept);
        Assert.False(Directory.Exists(folder.In("warehouse/staging")));
    }

    [Fact]
    public void Folders_that_are_no_warehouse_are_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("is no warehouse: it holds no warehouse.duckdb", Assert.Throws<WarehouseException>(() => Warehouse.Open(folder.Path)).Message, StringComparison.Ordinal);
        folder.Write("warehouse.duckdb", "not a database, but long enough to have the header of one where the magic bytes would be");
        Assert.Contains("can't be opened", Assert.Throws<WarehouseException>(() => Warehouse.Open(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("512MB or 4GB", Assert.Throws<ArgumentException>(() => new WarehouseOptions { Memory = "lots" }).Message, StringComparison.Ordinal);
    }

    /// <summary>Order lines number from to to-1, each different; every tenth row of the same customer.</summary>
    internal static string Lines(int from, int to)
    {
        var text = new StringBuilder();
        for (var i = from; i < to; i++) text.Append(CultureInfo.InvariantCulture, $"customer {i % 97},order {i / 3},2024-{1 + i % 12:00}-{1 + i % 28:00} {i % 24:00}:00:00,product {i % 1009},{1 + i % 5},{i % 80}.95,EUR\n");
        return text.ToString();
    }

    private static List<string> Rows(Warehouse warehouse, RecordKind kind, string columns)
    {
        var files = string.Join(", ", Enumerable.Range(0, warehouse.Partitions).SelectMany(p => warehouse.Files(kind, p)).Select(Query.Literal));
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return connection.Rows($"SELECT concat_ws('|', *COLUMNS(*)) FROM (SELECT coalesce(COLUMNS({columns})::VARCHAR, 'NULL') FROM read_parquet([{files}])) ORDER BY 1", r => r.GetString(0));
    }

    private static List<string> Customers(Warehouse warehouse, WarehouseFile file)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return connection.Rows($"SELECT DISTINCT customer_id FROM read_parquet({Query.Literal(Path.Combine(warehouse.Folder, file.Path))})", r => r.GetString(0));
    }

    private static List<(string, string)> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith("load.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(f => (f, Hash(f)))];

    private static List<(string, string)> Parquet(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.parquet*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => (Path.GetRelativePath(folder, f), Hash(f)))];

    private static string Hash(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    private sealed class OnProgress(Action<StageProgress> act) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => act(value);
    }
}
