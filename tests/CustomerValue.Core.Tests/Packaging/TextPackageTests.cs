using System.Text;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Packaging;

public class TextPackageTests
{
    private static string Refused(PackageFiles files) => Assert.Throws<PackageException>(() => TextPackage.Open(files, ModelCodecs.Core)).Message;

    [Fact]
    public void It_answers_as_the_experiment_did_from_folder_and_archive()
    {
        using var folder = new TemporaryFolder();
        SampleTexts.Package.Files.WriteFolder(folder.In("p"));
        File.WriteAllBytes(folder.In("p.zip"), PackageArchive.Write(SampleTexts.Package.Files));
        var test = SampleTexts.Data.Test.Texts;
        var expected = SampleTexts.Blend().Probabilities(test, default);
        foreach (var path in new[] { folder.In("p"), folder.In("p.zip") })
        {
            using var package = TextPackage.Open(path, ModelCodecs.Core);
            Assert.Equal(SampleTexts.Data.Classes, package.Labels);
            var found = package.Classify(test);
            Assert.All(found.Zip(expected), row => Assert.All(row.First.Zip(row.Second), p => Assert.Equal(p.Second, p.First, 1e-6)));
            Assert.Equal(package.Labels[Array.IndexOf(found[0], found[0].Max())], package.Likeliest(found[0]));
            Assert.Equal(found[3], package.Classify([test[3]])[0]);                  // a text alone answers as one among others
            Assert.Empty(package.Classify([]));
        }
        Assert.Equal([("n-grams", 2), ("text-blend", 1)], SampleTexts.Package.Kinds.Select(k => (k.Key, k.Value)));
        Assert.Matches(@"^characters, weight 0\.4: \d+ n-grams, characters 1-3 in 2 texts, TfIdf$", SampleTexts.Package.Parts[0]);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes_and_tells_what_there_is_to_know()
    {
        var again = new TextPackageBuilder(ModelCodecs.Core).Build(SampleTexts.Input("blend", SampleTexts.Blend()));
        Assert.Equal(PackageArchive.Write(SampleTexts.Package.Files), PackageArchive.Write(again.Files));
        Assert.Equal(["LICENSES.md", "MLmodel", "labels.json", "manifest.json", "metrics.json", "model-card.md", "selftest.json"], again.Files.Paths.Where(p => !p.Contains('/', StringComparison.Ordinal)));
        Assert.Contains("\"label:refund\"", again.Files.Text("MLmodel"), StringComparison.Ordinal);
        Assert.Contains("ICU4N", again.Files.Text("LICENSES.md"), StringComparison.Ordinal);
        Assert.Contains("| delivery |", again.Files.Text("model-card.md"), StringComparison.Ordinal);
        Assert.Equal(again.Metrics.Labels.Sum(l => l.Texts), SampleTexts.Data.Test.Texts.Count);
        Assert.Equal(again.Metrics.Labels.Sum(l => l.Right) / (double)SampleTexts.Data.Test.Texts.Count, again.Metrics.Label.Metrics.Single(m => m.Metric == "accuracy").Figure, 1e-12);
    }

    [Fact]
    public void The_self_tests_texts_are_nobodys_and_say_something()
    {
        var texts = SampleTexts.Package.SelfTest.Texts.Select(t => t.Text).ToList();
        Assert.Equal((TextSelfTest.Count, TextSelfTest.Count), (texts.Count, texts.Distinct().Count()));
        Assert.DoesNotContain(texts, t => t.Length > 0 && SampleTexts.Data.Train.Texts.Contains(t));
        Assert.True(SampleTexts.Package.SelfTest.Texts.Select(t => string.Join(' ', t.Probabilities.Select(p => p.ToString("0.00")))).Distinct().Count() > 6);
        Assert.Equal(TextSelfTest.Count, TextSelfTest.Make(["text 6", "text 6", "one word each"], 1).Count);      // no word is held by enough texts
    }

    [Fact]
    public void A_changed_byte_a_missing_and_an_extra_file_are_refused()
    {
        var weights = SampleTexts.Package.Files.Paths.First(p => p.EndsWith("weights.bin", StringComparison.Ordinal));
        var changed = SampleTexts.Package.Files[weights].ToArray();
        changed[^3] ^= 1;
        Assert.StartsWith($"{weights} was changed: its SHA-256 is ", Refused(SampleTexts.With(weights, changed)), StringComparison.Ordinal);
        Assert.Contains("was made for another model", Refused(SampleTexts.With(weights, changed, vouched: true)), StringComparison.Ordinal);
        Assert.Contains("is missing", Refused(SampleTexts.With(weights, null)), StringComparison.Ordinal);
        Assert.Contains("nobody vouches for it", Refused(SampleTexts.With("more.json", [1])), StringComparison.Ordinal);
        Assert.Contains("No answer of the manifest needs model/x", Refused(Digested(SampleTexts.With("model/x", [1]))), StringComparison.Ordinal);
        Assert.Contains("No model asks for more.bin", Refused(Digested(SampleTexts.With("model/label/more.bin", [1]))), StringComparison.Ordinal);
    }

    // Another answer, labels of another number, or a test that allows everything.
    [Fact]
    public void A_self_test_that_isnt_met_or_is_none_is_refused()
    {
        var test = SampleTexts.Package.SelfTest;
        PackageFiles With(TextSelfTest other) => SampleTexts.With("selftest.json", PackageJson.Write(other), vouched: true);
        var first = test.Texts[0];
        Assert.Contains("Self-test text 1: the model gives label 2", Refused(With(test with { Texts = [first with { Probabilities = [first.Probabilities[0], first.Probabilities[1] + 1e-5, first.Probabilities[2]] }, .. test.Texts.Skip(1)] })), StringComparison.Ordinal);
        Assert.Contains("at most 1E-06 is expected", Refused(With(test with { Tolerance = 0.5 })), StringComparison.Ordinal);
        Assert.Contains("has 11 texts; 12 are expected", Refused(With(test with { Texts = [.. test.Texts.Skip(1)] })), StringComparison.Ordinal);
        Assert.Contains("expects 2 probabilities", Refused(With(test with { Texts = [first with { Probabilities = [0.5, 0.5] }, .. test.Texts.Skip(1)] })), StringComparison.Ordinal);
        Assert.Contains("where 2 probabilities that sum to 1 are expected", Refused(Digested(SampleTexts.With("labels.json", PackageJson.Write(new PackagedLabels("", ["a", "b"]))))), StringComparison.Ordinal);
        Assert.Contains("two or more that differ", Refused(Digested(SampleTexts.With("labels.json", PackageJson.Write(new PackagedLabels("", ["a", "a", "b"]))))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_of_customers_and_one_of_texts_are_told_apart()
    {
        Assert.Contains("tells of customers, not of texts", Refused(SamplePackage.Package.Files), StringComparison.Ordinal);
        Assert.Contains("tells texts apart, not customers", Assert.Throws<PackageException>(() => ModelPackage.Open(SampleTexts.Package.Files, ModelCodecs.Core)).Message, StringComparison.Ordinal);
        Assert.Equal((true, false), (TextPackage.Holds(SampleTexts.Package.Files), TextPackage.Holds(SamplePackage.Package.Files)));
        var newer = Encoding.UTF8.GetBytes(SampleTexts.Package.Files.Text("manifest.json").Replace("\"schema_version\": 1", "\"schema_version\": 2, \"more\": 1", StringComparison.Ordinal));
        Assert.Contains("has schema version 2, and this program reads up to 1. Use a newer program.", Refused(SampleTexts.With("manifest.json", newer)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_answers_otherwise_than_the_experiment_isnt_packaged()
    {
        var input = SampleTexts.Input("characters", SampleTexts.Fitted(SampleTexts.Characters));
        input.Answers[5][1] += 2e-6;
        Assert.Contains("of test text 6", Assert.Throws<InvalidOperationException>(() => new TextPackageBuilder(ModelCodecs.Core).Build(input)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spoiled_packages_are_refused_or_answer_as_before() => Spoil(300);

    [Fact, Trait("Category", "Nightly")]
    public void Ten_thousand_spoiled_packages_are_refused_or_answer_as_before() => Spoil(10_000);

    private static void Spoil(int count)
    {
        var counts = PackageMutations.Run(SampleTexts.Package, ModelCodecs.Core, SampleTexts.Data.Test.Texts, seed: 20240701, count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} packages: {counts}");
        Assert.True(counts.Refused > count * 7 / 10, counts.ToString());
    }

    // With a self-test and a manifest that vouch for the change: only what reads the file is left to notice.
    private static PackageFiles Digested(PackageFiles files)
    {
        var vouched = new PackageFiles();
        foreach (var path in files.Paths.Where(p => p != "manifest.json"))
            vouched.Add(path, path == "selftest.json" ? PackageJson.Write(SampleTexts.Package.SelfTest with { Model = PackageManifest.Decisive(files) }) : files[path]);
        vouched.Add("manifest.json", PackageJson.Write(SampleTexts.Package.Manifest with { Files = PackageManifest.List(vouched) }));
        return vouched;
    }
}
