using CustomerValue.Ingestion;
using CustomerValue.Simulation;
using CustomerValue.Simulation.Oracle;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

public sealed class MadeShopTests : IDisposable
{
    private static readonly ShopOptions s_small = new() { Customers = 40, Days = 300 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private MadeShop Shop(ShopOptions? options = null, int horizon = 60, params DateOnly[] cutoffs) =>
        MadeShop.In(_folder.Path, options ?? s_small, cutoffs.Length > 0 ? cutoffs : [new(2023, 8, 1)], horizon, particles: 100);

    [Fact]
    public void It_is_made_once_with_its_truth_and_the_oracles_answers()
    {
        var shop = Shop();
        Assert.False(shop.IsWhole);
        shop.Make();
        Assert.True(shop.IsWhole);
        Assert.Equal([shop.Folder], Directory.GetFileSystemEntries(_folder.Path));                     // nothing half made beside it
        Assert.All(OracleFile.Read(shop.Truth), a => Assert.Equal((new DateOnly(2023, 8, 1), 60), (a.Cutoff, a.HorizonDays)));
        Assert.DoesNotContain(OracleFile.Name, Directory.GetFiles(shop.Records).Select(Path.GetFileName));
        Assert.NotEmpty(shop.Data("anywhere").Purchases(Pseudonyms.Published));

        var written = File.GetLastWriteTimeUtc(Path.Combine(shop.Truth, OracleFile.Name));
        Shop().Make();
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(shop.Truth, OracleFile.Name)));
    }

    [Fact]
    public void Whatever_decides_it_gives_it_another_name()
    {
        string[] names = [Shop().Name, Shop(s_small with { Seed = 2 }).Name, Shop(s_small with { Process = new() { FeelingWeight = 3 } }).Name, Shop(horizon: 30).Name, Shop(cutoffs: new DateOnly(2023, 7, 1)).Name,
            Shop(s_small with { Process = new() { LanguageShares = [1, 0, 0] } }).Name, MadeShop.In(_folder.Path, s_small, [], 60).Name];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names[0], Shop(new ShopOptions { Customers = 40, Days = 300 }).Name);
    }

    [Fact]
    public void Stopped_it_leaves_nothing_behind_and_half_a_shop_is_made_anew()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Shop().Make(cancellation: stopped.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));

        Directory.CreateDirectory(Path.Combine(Shop().Folder, "shop"));
        Shop().Make();
        Assert.True(Shop().IsWhole);
    }

    [Fact]
    public void A_horizon_past_the_shops_end_is_refused_before_anything_is_made() =>
        Assert.Contains("don't lie within the shop's period", Assert.Throws<ArgumentException>(() => Shop(horizon: 200)).Message, StringComparison.Ordinal);
}
