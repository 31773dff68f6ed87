using System.Text;
using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Packaging;

/// <summary>Makes packages. The same input gives the same bytes.</summary>
/// <param name="codecs">The kinds of model that the program knows.</param>
internal sealed class PackageBuilder(ModelCodecs codecs)
{
    // Half the draws of the comparisons: an interval's ends are shown to three digits.
    private const int Draws = 1000;

    /// <summary>Makes a package, and opens it: what it returns has passed its own checks.</summary>
    /// <exception cref="ArgumentException">No one answers.</exception>
    /// <exception cref="PackageException">The models don't read back as they were written.</exception>
    public ModelPackage Build(PackageInput input, CancellationToken cancellation = default)
    {
        if (input.Value is null && input.Churn is null) throw new ArgumentException($"'{input.Name}' has no winner, so there is nothing to package.", nameof(input));
        var shared = input.Value is not null && input.Value.Candidate == input.Churn?.Candidate;
        var valuePlace = $"{PackageManifest.Models}/{(shared ? "value-and-churn" : "value")}";
        var churnPlace = shared ? valuePlace : $"{PackageManifest.Models}/churn";
        var value = input.Value is { } v ? codecs.Read(v.Model) : null;
        var churn = shared ? value : input.Churn is { } c ? codecs.Read(c.Model) : null;

        var catalogue = Catalogue(input, ModelPackage.Needed(value, churn));
        var features = Features(input, catalogue, value, churn);
        var encoder = catalogue.Any(f => f.Set is TextSets.Meaning or TextSets.Vector) ? input.Encoder?.Invoke() : null;
        var calibration = new PackagedCalibration(
            input.Value is null ? null : CalibrationGroup.Of(input.Test.Labels.Spend, input.Value.Answers, 10),
            input.Churn is null ? null : CalibrationGroup.Of(Scoreboard.Actual(input.Test.Labels, Target.Churn), input.Churn.Answers, 15));
        var metrics = Metrics(input, cancellation);
        var manifest = new PackageManifest(encoder is null ? 1 : 2, input.Name, input.Program, input.Origin,
            input.Value is null ? null : new(input.Value.Candidate, valuePlace, Sorted(input.Value.Settings)),
            input.Churn is null ? null : new(input.Churn.Candidate, churnPlace, Sorted(input.Churn.Settings)), [], encoder is null ? null : PackageManifest.EncoderPlace);

        var files = new PackageFiles();
        if (input.Value is not null) files.Add(valuePlace, input.Value.Model);
        if (input.Churn is not null && !shared) files.Add(churnPlace, input.Churn.Model);
        if (encoder is not null) files.Add(PackageManifest.EncoderPlace, encoder);
        files.Add(PackageManifest.Features, PackageJson.Write(features));
        files.Add(PackageManifest.Metrics, PackageJson.Write(metrics));
        files.Add(PackageManifest.Calibration, PackageJson.Write(calibration));
        files.Add(PackageManifest.Card, ModelCard.Write(manifest, metrics, features, calibration, value is IHasInterval, Winners(input).Any(w => codecs.ReadsRecords(w.Model))));
        files.Add(PackageManifest.Licences, Licences(input, encoder));
        var decisive = PackageManifest.Decisive(files);
        var tolerance = Winners(input).Max(w => Math.Max(SelfTest.Accuracy, codecs.Tolerance(w.Model)));
        files.Add(PackageManifest.SelfTest, PackageJson.Write(Test(input, catalogue, value, churn, decisive, tolerance)));
        if (encoder is not null)
        {
            using var reader = codecs.ReadEncoder(encoder);
            files.Add(PackageManifest.EncoderTest, PackageJson.Write(EncoderTest.Of(reader, decisive)));
        }
        files.Add(PackageManifest.MlModel, MlModelFile.Write(manifest, new([.. catalogue.Select(f => f.Name)], ModelPackage.OutputsOf(value, churn)), decisive));
        files.Add(PackageManifest.Path, PackageJson.Write(manifest with { Files = PackageManifest.List(files) }));
        return ModelPackage.Open(files, codecs);
    }

    private static IEnumerable<PackagedWinner> Winners(PackageInput input) => new[] { input.Value, input.Churn }.OfType<PackagedWinner>();

    private static FeatureInfo[] Catalogue(PackageInput input, IEnumerable<string> needed)
    {
        var known = input.Test.Features.Features.ToDictionary(f => f.Name, StringComparer.Ordinal);
        return [.. needed.Order(StringComparer.Ordinal).Select(name => known[name])];
    }

    private static PackagedFeatures Features(PackageInput input, FeatureInfo[] catalogue, IFittedCandidate? value, IFittedCandidate? churn) => new(
        "Columns go in as they are built: nothing is scaled, capped or filled before the models. What a model does to a column (capping, logarithm, scaling) stands among its parameters under model/. " +
        "No value is missing: where nothing is known, the value that a column's meaning names stands.",
        Sorted(input.FeatureSettings),
        [.. catalogue.Select(f =>
        {
            var sorted = SelfTest.Sorted(input.Training, f.Name);
            return new PackagedColumn(f.Name, f.Unit, f.Meaning, f.Set,
                [.. new[] { ("value", value), ("churn", churn) }.Where(m => m.Item2?.Columns.Contains(f.Name) == true).Select(m => m.Item1)],
                SelfTest.Quantile(sorted, 0.05), SelfTest.Quantile(sorted, 0.5), SelfTest.Quantile(sorted, 0.95));
        })]);

    private static PackagedMetrics Metrics(PackageInput input, CancellationToken cancellation)
    {
        var labels = input.Test.Labels;
        var bootstrap = new PairedBootstrap(labels.Rows, input.Origin.Seed, Draws);
        return new(input.Origin.TrainCutoffs.Count == 0 ? 0 : input.Training.Sum(t => t.Rows), labels.Rows, labels.Churned.Average(gone => gone ? 1.0 : 0), labels.Spend.Average(),
            Figures(input.Value, Target.Value), Figures(input.Churn, Target.Churn),
            [.. input.Comparisons.Where(c => c.A == input.Value?.Candidate || c.A == input.Churn?.Candidate)],
            TierFigures.Of(input.Test, input.Value?.Answers, input.Churn?.Answers));

        AnswerFigures? Figures(PackagedWinner? winner, Target target)
        {
            if (winner is null) return null;
            var actual = Scoreboard.Actual(labels, target);
            var figures = new List<FigureWithInterval>();
            foreach (var metric in input.Metrics.Where(m => m.Target == target))
            {
                var figure = metric.Of(actual, winner.Answers);
                if (!double.IsFinite(figure)) continue;
                var (low, high) = PairedBootstrap.Interval(bootstrap.Figures(metric, actual, winner.Answers, cancellation));
                if (double.IsFinite(low)) figures.Add(new(metric.Key, figure, low, high));
            }
            return new(winner.Candidate, figures, Sorted(winner.Validation));
        }
    }

    private static SelfTest Test(PackageInput input, FeatureInfo[] catalogue, IFittedCandidate? value, IFittedCandidate? churn, string decisive, double tolerance)
    {
        FeatureTable rows;
        (double[]? Value, double[]? Churn) scores;
        try { scores = Asked(rows = SelfTest.Make(catalogue, input.Training, input.Origin.TestCutoff)); }
        catch (InvalidDataException) { scores = Asked(rows = SelfTest.Make(catalogue, input.Training, input.Origin.TestCutoff, together: true)); }
        return new(decisive, tolerance, [.. catalogue.Select(f => f.Name)],
            [.. Enumerable.Range(0, rows.Rows).Select(r => new SelfTestRow([.. rows.Columns.Select(column => column[r])], scores.Value?[r], scores.Churn?[r]))]);

        (double[]?, double[]?) Asked(FeatureTable table) => (value?.Predict(table).Spend, churn?.Predict(table).Churn);
    }

    private string Licences(PackageInput input, PackageFiles? encoder)
    {
        var text = new StringBuilder("# Licence notes\n\nWhat this package holds, and what a machine needs to run it. It holds numbers and texts, no code.\n\n");
        text.Append("- The models, figures and texts belong to whoever ran the experiment; the records that they were learned from keep their own licence.\n");
        text.Append("- .NET 10 runtime (MIT, .NET Foundation), needed to score.\n");
        foreach (var notice in Winners(input).Select(w => w.Model).Concat(encoder is null ? [] : [encoder]).SelectMany(codecs.Notices).Distinct().Order(StringComparer.Ordinal))
            text.Append("- ").Append(notice).Append('\n');
        return text.ToString();
    }

    private static SortedDictionary<string, T> Sorted<T>(IReadOnlyDictionary<string, T> pairs) => new(pairs.ToDictionary(), StringComparer.Ordinal);
}
