using System.Globalization;
using System.Text;
using CustomerValue.Evaluation;
using CustomerValue.Models.Text;

namespace CustomerValue.Packaging;

/// <summary>Everything that a package of texts is made from.</summary>
internal sealed record TextPackageInput
{
    /// <summary>The program that makes it.</summary>
    public required PackageProgram Program { get; init; }

    /// <summary>What the model was learned from; the package is called as the experiment.</summary>
    public required TextOrigin Origin { get; init; }

    /// <summary>The winner's name.</summary>
    public required string Candidate { get; init; }

    /// <summary>All that decided it.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Its fitted model, as its codec wrote it.</summary>
    public required PackageFiles Model { get; init; }

    /// <summary>[test texts][labels]: what it told in the experiment.</summary>
    public required double[][] Answers { get; init; }

    /// <summary>Figures on dev.</summary>
    public required IReadOnlyDictionary<string, double> Validation { get; init; }

    /// <summary>The figures wanted.</summary>
    public required IReadOnlyList<ClassMetric> Metrics { get; init; }

    /// <summary>The winner against others, on the test texts.</summary>
    public required IReadOnlyList<ModelComparison> Comparisons { get; init; }

    /// <summary>Texts learned from: words of the self-test are drawn from them.</summary>
    public required IReadOnlyList<string> Training { get; init; }

    /// <summary>The texts that figures are measured on.</summary>
    public required LabelledTexts Test { get; init; }
}

/// <summary>Makes packages of texts. The same input gives the same bytes.</summary>
/// <param name="codecs">The kinds of model that the program knows.</param>
internal sealed class TextPackageBuilder(ModelCodecs codecs)
{
    private const int Draws = 1000, Groups = 10;

    /// <summary>Makes a package, and opens it: what it returns has passed its own checks, and answers the test texts as the experiment did.</summary>
    /// <exception cref="PackageException">The model doesn't read back as it was written, or is larger than any package.</exception>
    /// <exception cref="InvalidOperationException">It reads back, and answers otherwise.</exception>
    public TextPackage Build(TextPackageInput input, CancellationToken cancellation = default)
    {
        if (input.Model.Bytes > PackageFiles.MostBytes)
            throw new PackageException($"The model of '{input.Candidate}' takes {input.Model.Bytes >> 20} MB, and a package holds at most {PackageFiles.MostBytes >> 20}. Let fewer or smaller models stand for election.");
        var place = $"{PackageManifest.Models}/label";
        var manifest = new TextManifest(TextManifest.CurrentSchema, TextManifest.Texts, input.Origin.Experiment, input.Program, input.Origin, new(input.Candidate, place, Sorted(input.Settings)), []);
        var metrics = Metrics(input, cancellation);
        var files = new PackageFiles();
        files.Add(place, input.Model);
        files.Add(PackageManifest.Labels, PackageJson.Write(new PackagedLabels("A text goes in as it was written. What a model does to it (lower case, cutting into words or tokens) is its own affair, and stands among its parameters under model/.", input.Test.Classes)));
        files.Add(PackageManifest.Metrics, PackageJson.Write(metrics));
        files.Add(PackageManifest.Card, TextModelCard.Write(manifest, metrics, ModelCodecs.Kinds(input.Model)));
        files.Add(PackageManifest.Licences, Licences(input.Model));
        var decisive = PackageManifest.Decisive(files);
        files.Add(PackageManifest.SelfTest, PackageJson.Write(Test(input, decisive, cancellation)));
        files.Add(PackageManifest.MlModel, MlModelFile.Write(manifest, input.Test.Classes, decisive));
        files.Add(PackageManifest.Path, PackageJson.Write(manifest with { Files = PackageManifest.List(files) }));
        return TextPackage.Open(files, codecs);
    }

    // The model is read back for this, so that what is packaged is what is asked.
    private TextSelfTest Test(TextPackageInput input, string decisive, CancellationToken cancellation)
    {
        using var model = codecs.ReadText(input.Model);
        var tolerance = TextPackage.Tolerance(model);
        var again = model.Probabilities(input.Test.Texts, cancellation);
        for (var row = 0; row < again.Length; row++)
            for (var label = 0; label < again[row].Length; label++)
                if (!(Math.Abs(again[row][label] - input.Answers[row][label]) <= tolerance))
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                        $"'{input.Candidate}' as it was packaged gives label '{input.Test.Classes[label]}' of test text {row + 1} the probability {again[row][label]:R}, and gave it {input.Answers[row][label]:R} in the experiment; at most {tolerance} apart is expected. Its codec writes another model than was fitted."));
        var texts = TextSelfTest.Make(input.Training, input.Origin.Seed);
        return new(decisive, tolerance, [.. texts.Zip(model.Probabilities(texts, cancellation), (text, answer) => new TextSelfTestRow(text, answer))]);
    }

    private static TextMetrics Metrics(TextPackageInput input, CancellationToken cancellation)
    {
        var (labels, answers) = (input.Test.Labels, input.Answers);
        var bootstrap = new PairedBootstrap(labels.Count, input.Origin.Seed, Draws);
        var figures = new List<FigureWithInterval>();
        foreach (var metric in input.Metrics)
        {
            var figure = metric.Of(labels, answers);
            if (!double.IsFinite(figure)) continue;
            var (low, high) = PairedBootstrap.Interval(bootstrap.Figures(metric.Prepare(labels, answers), cancellation));
            if (double.IsFinite(low)) figures.Add(new(metric.Figure.Key, figure, low, high));
        }
        return new(new(input.Candidate, figures, Sorted(input.Validation)), [.. input.Comparisons.Where(c => c.A == input.Candidate || c.B == input.Candidate)],
            LabelScore.Of(input.Test.Classes, labels, answers),
            SurenessGroup.Of(labels, answers, Groups));
    }

    private string Licences(PackageFiles model)
    {
        var text = new StringBuilder("# Licence notes\n\nWhat this package holds, and what a machine needs to run it. It holds numbers and texts, no code.\n\n");
        text.Append("- The model, figures and texts belong to whoever ran the experiment; the texts that it was learned from, and a published model that it began with, keep their own licences.\n");
        text.Append("- .NET 10 runtime (MIT, .NET Foundation), needed to answer.\n");
        foreach (var notice in codecs.Notices(model)) text.Append("- ").Append(notice).Append('\n');
        return text.ToString();
    }

    private static SortedDictionary<string, T> Sorted<T>(IReadOnlyDictionary<string, T> pairs) => new(pairs.ToDictionary(), StringComparer.Ordinal);
}
