using CustomerValue.Features;
using CustomerValue.Packaging;
using CustomerValue.Text;

namespace CustomerValue.Tests.Packaging;

/// <summary>A package that brings the encoder which reads customers' texts.</summary>
public class EncoderTestTests
{
    // Two numbers of a text, times a weight that the package holds.
    private sealed record Lengths(double Weight) : ITextEncoder
    {
        public string Identity => $"lengths {Weight}";

        public int Width => 2;

        public IReadOnlyList<TextHead> Heads { get; } = [new("long", HeadKind.Classification, ["no", "yes"])];

        public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => new(
            [.. texts.Select(t => new[] { (float)(t.Length * Weight), (float)t.Count(char.IsLetter) })],
            new Dictionary<string, float[][]> { ["long"] = [.. texts.Select(t => t.Length > 20 ? new[] { 0.1f, 0.9f } : [0.8f, 0.2f])] });

        public void Dispose() { }
    }

    private static readonly ModelCodecs s_codecs = ModelCodecs.Core.With(new ModelCodec<Lengths>("lengths", (model, to) => to.Number("weight", model.Weight), from => new(from.Number("weight")), notice: "Lengths (made up)."));

    private static ModelPackage Package(ITextEncoder? encoder = null) => new PackageBuilder(s_codecs).Build(SamplePackage.Input with
    {
        Training = [.. SamplePackage.Input.Training.Select(Told)], Test = SamplePackage.Test with { Features = Told(SamplePackage.Test.Features) }, Encoder = () => s_codecs.Write(encoder ?? new Lengths(1.5)),
    });

    // As if a column came of texts.
    private static FeatureTable Told(FeatureTable table) =>
        new(table.Cutoff, table.CustomerIds, [.. table.Features.Select(f => f.Name == "net_spend" ? f with { Set = TextSets.Meaning } : f)], table.Columns);

    private static PackageFiles With(ModelPackage package, string path, byte[]? content, bool vouched = true)
    {
        var files = new PackageFiles();
        foreach (var name in package.Files.Paths.Where(p => p != path && p != "manifest.json")) files.Add(name, package.Files[name]);
        if (content is not null) files.Add(path, content);
        files.Add("manifest.json", vouched ? PackageJson.Write(package.Manifest with { Files = PackageManifest.List(files) }) : package.Files["manifest.json"]);
        return files;
    }

    [Fact]
    public void It_is_of_the_second_form_and_reads_texts_as_before()
    {
        var package = Package();
        Assert.Equal(2, package.Manifest.SchemaVersion);
        Assert.True(package.HasEncoder);
        using var encoder = package.OpenEncoder();
        Assert.Equal([3f, 2f], encoder.Encode(["ab"]).Embeddings[0]);
        Assert.Contains("Lengths (made up).", package.Files.Text("LICENSES.md"), StringComparison.Ordinal);
        Assert.NotEqual(ModelPackage.Digest(SamplePackage.Package.Files), ModelPackage.Digest(package.Files));
        Assert.Equal(PackageArchive.Write(package.Files), PackageArchive.Write(Package().Files));
    }

    [Fact]
    public void Encoders_of_groups_of_customers_go_together_and_each_must_be_as_it_was()
    {
        var package = Package(new FoldedEncoder([new Lengths(1), new Lengths(2)]));
        using var encoder = package.OpenEncoder();
        Assert.Equal([1.0, 2], ((FoldedEncoder)encoder).Groups.Select(g => ((Lengths)g).Weight));
        var read = encoder.Encode(["ab"]);
        Assert.Equal((0, 0), (encoder.Width, read.Embeddings[0].Length));
        Assert.Equal([0.8f, 0.2f], read.Answers["long"][0]);
        Assert.Contains("groups lengths 1 lengths 2", encoder.Identity, StringComparison.Ordinal);

        using var other = new FoldedEncoder([new Lengths(1), new Lengths(2.1)]);
        Assert.Contains("the encoder's number", Assert.Throws<PackageException>(() => PackageJson.Read<EncoderTest>(package.Files, "encoder-test.json").Require(other)).Message, StringComparison.Ordinal);
        Assert.Contains("there is 1", Assert.Throws<ArgumentException>(() => new FoldedEncoder([new Lengths(1)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_without_is_of_the_first_and_says_so()
    {
        Assert.Equal(1, SamplePackage.Package.Manifest.SchemaVersion);
        Assert.DoesNotContain("encoder", SamplePackage.Package.Files.Text("manifest.json"), StringComparison.Ordinal);
        var unasked = new PackageBuilder(s_codecs).Build(SamplePackage.Input with { Encoder = () => throw new InvalidOperationException("No column comes of texts.") });
        Assert.False(unasked.HasEncoder);
        Assert.Contains("holds no encoder", Assert.Throws<InvalidOperationException>(SamplePackage.Package.OpenEncoder).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_that_was_changed_is_refused_even_when_manifest_and_tests_vouch_for_it()
    {
        var package = Package();
        var changed = s_codecs.Write(new Lengths(1.6))["model.json"];
        Assert.Contains("was made for other models", Refused(With(package, "model/encoder/model.json", changed)), StringComparison.Ordinal);

        var files = With(package, "model/encoder/model.json", changed);
        var decisive = PackageManifest.Decisive(files);
        var vouched = new PackageFiles();
        foreach (var name in files.Paths.Where(p => p != "manifest.json"))
            vouched.Add(name, name switch
            {
                "selftest.json" => PackageJson.Write(PackageJson.Read<SelfTest>(files, name) with { Model = decisive }),
                "encoder-test.json" => PackageJson.Write(PackageJson.Read<EncoderTest>(files, name) with { Model = decisive }),
                _ => files[name],
            });
        vouched.Add("manifest.json", PackageJson.Write(package.Manifest with { Files = PackageManifest.List(vouched) }));
        Assert.Contains("It wouldn't read texts as it did when it was made.", Refused(vouched), StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_is_missing_wide_or_of_other_texts_is_refused()
    {
        var package = Package();
        var test = PackageJson.Read<EncoderTest>(package.Files, "encoder-test.json");
        Assert.Contains("encoder-test.json is missing", Refused(With(package, "encoder-test.json", null)), StringComparison.Ordinal);
        Assert.Contains("at most 0.0001 is expected", Refused(With(package, "encoder-test.json", PackageJson.Write(test with { Tolerance = 1 }))), StringComparison.Ordinal);
        Assert.Contains("asks other texts", Refused(With(package, "encoder-test.json", PackageJson.Write(test with { Texts = [] }))), StringComparison.Ordinal);
        Assert.Contains("and no encoder", Refused(SamplePackage.VouchedFor(SamplePackage.With("encoder-test.json", package.Files["encoder-test.json"]))), StringComparison.Ordinal);
    }

    private static string Refused(PackageFiles files) => Assert.Throws<PackageException>(() => ModelPackage.Open(files, s_codecs)).Message;
}
