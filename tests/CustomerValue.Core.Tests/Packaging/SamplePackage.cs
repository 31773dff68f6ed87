using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Packaging;

/// <summary>A small package of core models, made anew for each test that wants to spoil it.</summary>
internal static class SamplePackage
{
    public static readonly TrainingData Data = SampleCustomers.Training(customers: 400);

    public static readonly LabelledTable Test = SampleCustomers.Labelled(400, new(2020, 12, 1), new Random(99));

    public static readonly IFittedCandidate Value = new GeometricBlend([new SpendSoFar(SpendScale.Rate), new SpendLastWindow(90)], name: "value-blend").Fit(Data, new(7));

    public static readonly IFittedCandidate Churn = new LogitBlend([new RecencyRule(), new MeanCustomer()], name: "churn-blend").Fit(Data, new(7));

    public static PackageInput Input { get; } = new()
    {
        Name = "sample",
        Program = new("0.1.0", "0123456789abcdef"),
        Origin = new("sample", "Who is worth what?", "abc", "def", 7, 1, [.. Data.Cutoffs.Select(c => c.Features.Cutoff)], Test.Features.Cutoff, 90, "gini and log_loss on the latest training cutoff"),
        Value = new("value-blend", new Dictionary<string, string> { ["offset"] = "1" }, ModelCodecs.Core.Write(Value), Value.Predict(Test.Features).Spend!, new Dictionary<string, double> { ["gini"] = 0.5 }),
        Churn = new("churn-blend", new Dictionary<string, string>(), ModelCodecs.Core.Write(Churn), Churn.Predict(Test.Features).Churn!, new Dictionary<string, double>()),
        Training = [.. Data.Cutoffs.Select(c => c.Features)],
        Test = Test,
    };

    public static readonly ModelPackage Package = new PackageBuilder(ModelCodecs.Core).Build(Input);

    /// <summary>The package's files with one replaced, added or (null) left out.</summary>
    public static PackageFiles With(string path, byte[]? content)
    {
        var files = new PackageFiles();
        foreach (var name in Package.Files.Paths.Where(p => p != path)) files.Add(name, Package.Files[name]);
        if (content is not null) files.Add(path, content);
        return files;
    }

    /// <summary>The same with a manifest, and a self-test, that vouch for it: only the parsers and the scores of the self-test are left to notice.</summary>
    public static PackageFiles VouchedFor(PackageFiles files, bool selfTestToo = true)
    {
        var test = PackageJson.Read<SelfTest>(Package.Files, "selftest.json");
        var vouched = new PackageFiles();
        foreach (var name in files.Paths.Where(p => p != "manifest.json"))
            vouched.Add(name, name == "selftest.json" && selfTestToo && files[name].AsSpan().SequenceEqual(Package.Files[name])
                ? PackageJson.Write(test with { Model = PackageManifest.Decisive(files) }) : files[name]);
        vouched.Add("manifest.json", PackageJson.Write(Package.Manifest with { Files = PackageManifest.List(vouched) }));
        return vouched;
    }
}
