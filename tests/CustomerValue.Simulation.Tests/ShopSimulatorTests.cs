using CustomerValue.Simulation;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Simulation;

public sealed class ShopSimulatorTests : IDisposable
{
    private static readonly string[] s_files = ["purchases.csv", "browsing.csv", "reviews.csv", "dialogues.csv", "campaigns.csv"];
    private readonly string _folder = Directory.CreateTempSubdirectory("customervalue-simulation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_defaults_give_the_sample_shop_bit_for_bit()
    {
        new ShopSimulator(new ShopOptions()).Write(_folder, threads: 2);
        foreach (var file in s_files)
            Assert.True(File.ReadAllBytes(Path.Combine(RealData.Root, "data-samples", "shop", file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder, file))),
                $"data-samples/shop/{file} isn't what the simulator writes. If the process was changed on purpose: customervalue simulate --out data-samples/shop --force, and look over the README's counts.");
    }

    [Fact]
    public void The_sample_shop_stays_under_five_megabytes_and_its_README_has_the_right_counts()
    {
        var shop = Path.Combine(RealData.Root, "data-samples", "shop");
        Assert.InRange(Directory.EnumerateFiles(shop).Sum(file => new FileInfo(file).Length), 4_000_000, 5_000_000);
        var readme = File.ReadAllText(Path.Combine(shop, "README.md"));
        foreach (var file in s_files)
        {
            var rows = File.ReadLines(Path.Combine(shop, file)).Count() - 1;
            Assert.Contains(FormattableString.Invariant($"| `{file}` | {rows:#,0} |"), readme, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_do_not_depend_on_the_number_of_threads()
    {
        var options = new ShopOptions { Customers = 900, Seed = 5 };
        new ShopSimulator(options).Write(Path.Combine(_folder, "one"), Path.Combine(_folder, "one-truth"), threads: 1);
        new ShopSimulator(options).Write(Path.Combine(_folder, "four"), Path.Combine(_folder, "four-truth"), threads: 4);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "one")).Concat(Directory.EnumerateFiles(Path.Combine(_folder, "one-truth"))))
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(file.Replace($"{Path.DirectorySeparatorChar}one", $"{Path.DirectorySeparatorChar}four", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_customer_is_the_same_in_a_shop_of_any_size()
    {
        var small = new ShopSimulator(new ShopOptions { Customers = 40 }).Customer(40);
        var large = new ShopSimulator(new ShopOptions { Customers = 1_000_000 }).Customer(40);
        Assert.Equal(small.Purchases, large.Purchases);
        Assert.Equal(small.Dialogues, large.Dialogues);
        Assert.Equal(small.Truth.Texts, large.Truth.Texts);
    }

    [Fact]
    public void Another_seed_is_another_shop() =>
        Assert.NotEqual(new ShopSimulator(new ShopOptions { Seed = 1 }).Customer(1).Purchases, new ShopSimulator(new ShopOptions { Seed = 2 }).Customer(1).Purchases);

    [Fact]
    public void The_report_counts_what_the_files_hold()
    {
        var report = new ShopSimulator(new ShopOptions { Customers = 450, Days = 200, Start = new(2020, 2, 1) }).Write(Path.Combine(_folder, "shop"), Path.Combine(_folder, "truth"));
        Assert.Equal(new DateOnly(2020, 8, 18), report.To);
        foreach (var file in report.Files)
        {
            var path = Path.Combine(_folder, s_files.Contains(file.Name) ? "shop" : "truth", file.Name);
            Assert.Equal(file.Bytes, new FileInfo(path).Length);
            Assert.Equal(file.Rows, File.ReadLines(path).Count() - 1);
        }
        Assert.Equal(450, report.Files.Single(file => file.Name == "customers.csv").Rows);
    }

    [Fact]
    public void Refuses_a_folder_that_is_not_empty_unless_told()
    {
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "mine");
        var simulator = new ShopSimulator(new ShopOptions { Customers = 3 });
        var error = Assert.Throws<ArgumentException>(() => simulator.Write(_folder));
        Assert.Contains("isn't empty: it holds notes.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains("--force", error.Message, StringComparison.Ordinal);

        simulator.Write(_folder, overwrite: true);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "notes.txt")));
        Assert.True(File.Exists(Path.Combine(_folder, "purchases.csv")));
    }

    [Fact]
    public void Refuses_to_put_the_truth_where_the_shop_is_read()
    {
        var simulator = new ShopSimulator(new ShopOptions { Customers = 3 });
        foreach (var truth in new[] { _folder, Path.Combine(_folder, "truth") })
            Assert.Contains("would read the answers", Assert.Throws<ArgumentException>(() => simulator.Write(_folder, truth)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_cancelled_simulation_leaves_no_file_behind()
    {
        using var cancelled = new CancellationTokenSource();
        var simulator = new ShopSimulator(new ShopOptions { Customers = 100_000 });
        var stopAfterTheFirst = new Stop(cancelled);
        Assert.Throws<OperationCanceledException>(() => simulator.Write(_folder, progress: stopAfterTheFirst, cancellation: cancelled.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void Refuses_sizes_that_make_no_shop()
    {
        Assert.Contains("Customers must lie between 1 and 10000000", Assert.Throws<ArgumentOutOfRangeException>(() => new ShopOptions { Customers = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("Days must lie between 60 and 3660", Assert.Throws<ArgumentOutOfRangeException>(() => new ShopOptions { Days = 7 }).Message, StringComparison.Ordinal);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Done > 0) source.Cancel();
        }
    }
}
