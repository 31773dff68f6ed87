using CustomerValue.Experiments;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Packaging;

[Collection(nameof(PackagedShop))]
public class PackagedShopTests(PackagedShop shop)
{
    [Fact]
    public void Scores_from_the_package_are_the_experiments_predictions_bit_for_bit()
    {
        var scores = ModelPackage.Open(shop.Archive, PackageCodecs.All).Score(shop.Features);
        var (_, candidates) = PredictionFile.Read(shop.Predictions);
        Assert.Equal(candidates.Single(c => c.Name == "value-blend").Scores.Spend, scores.Value);
        Assert.Equal(candidates.Single(c => c.Name == "churn-blend").Scores.Churn, scores.Churn);
    }

    [Fact]
    public void A_resumed_run_and_a_run_elsewhere_make_the_same_bytes()
    {
        var bytes = File.ReadAllBytes(shop.Archive);
        var resumed = shop.Run("out");
        Assert.All(resumed.Stages.Where(s => s.Name.StartsWith("fit ", StringComparison.Ordinal)), s => Assert.True(s.Reused, s.Name));
        Assert.NotEqual(shop.Result.RunId, resumed.RunId);
        Assert.Equal(bytes, File.ReadAllBytes(shop.Archive));

        var elsewhere = shop.Run("elsewhere");
        Assert.DoesNotContain(elsewhere.Stages, s => s.Reused);
        Assert.Equal(bytes, File.ReadAllBytes(shop.In("elsewhere", "package", "small-shop.zip")));
        Assert.Equal((Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), (long)bytes.Length), (elsewhere.Package!.Sha256, elsewhere.Package.Bytes));
    }

    [Fact]
    public void Folder_and_archive_hold_the_same()
    {
        var (folder, archive) = (ModelPackage.Open(shop.Folder, PackageCodecs.All), ModelPackage.Open(shop.Archive, PackageCodecs.All));
        Assert.Equal(PackageArchive.Write(archive.Files), PackageArchive.Write(folder.Files));
        Assert.Contains("LightGBM (MIT", archive.Files.Text("LICENSES.md"), StringComparison.Ordinal);
        Assert.Contains(archive.Files.Paths, p => p.EndsWith(".trees.txt", StringComparison.Ordinal));
        Assert.DoesNotContain(Path.GetTempPath(), string.Concat(archive.Files.Paths.Select(archive.Files.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Spoiled_packages_are_refused_or_score_as_before() => Spoil(300);

    [Fact, Trait("Category", "Nightly")]
    public void Ten_thousand_spoiled_packages_are_refused_or_score_as_before() => Spoil(10_000);

    private void Spoil(int count)
    {
        var counts = PackageMutations.Run(ModelPackage.Open(shop.Archive, PackageCodecs.All), PackageCodecs.All, shop.Features, seed: 20240701, count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} packages: {counts}");
        Assert.True(counts.Refused > count * 7 / 10, counts.ToString());
    }
}
