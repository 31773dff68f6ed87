using CustomerValue.Features;

namespace CustomerValue.Packaging;

/// <summary>What tells two packages apart.</summary>
/// <param name="SameScores">Models and columns are the same byte for byte, so every score is.</param>
/// <param name="Origin">Where they come from: what differs, as name, first, second.</param>
/// <param name="Files">Files that differ.</param>
/// <param name="Settings">Settings of the winners that differ.</param>
/// <param name="Metrics">Figures on the test rows that differ.</param>
/// <param name="ColumnsAdded">Columns that only the second reads.</param>
/// <param name="ColumnsDropped">Columns that only the first reads.</param>
/// <param name="Value">How far apart the values are on the self-test's rows of both; null where one doesn't answer.</param>
/// <param name="Churn">The same of churn.</param>
public sealed record PackageDiff(bool SameScores, IReadOnlyList<Difference> Origin, IReadOnlyList<FileDifference> Files, IReadOnlyList<Difference> Settings, IReadOnlyList<FigureDifference> Metrics,
    IReadOnlyList<string> ColumnsAdded, IReadOnlyList<string> ColumnsDropped, ScoreDifference? Value, ScoreDifference? Churn)
{
    /// <summary>Compares two packages.</summary>
    public static PackageDiff Of(ModelPackage first, ModelPackage second)
    {
        var (one, two) = (ScoresOnBoth(first, first, second), ScoresOnBoth(second, first, second));
        return new(ModelPackage.Digest(first.Files) == ModelPackage.Digest(second.Files),
            Pairs(Origins(first), Origins(second)), FilesOf(first, second), Pairs(SettingsOf(first), SettingsOf(second)), MetricsOf(first, second),
            [.. second.Columns.Except(first.Columns)], [.. first.Columns.Except(second.Columns)],
            ScoreDifference.Of(one.Value, two.Value), ScoreDifference.Of(one.Churn, two.Churn));
    }

    // The rows of both self-tests; a column that one of them lacks stands at the median that the other knows.
    private static PackageScores ScoresOnBoth(ModelPackage asked, ModelPackage first, ModelPackage second)
    {
        var columns = asked.Columns.Select(name => Values(first, name).Concat(Values(second, name)).ToArray()).ToArray();
        string[] ids = [.. Enumerable.Range(0, first.SelfTest.Rows.Count + second.SelfTest.Rows.Count).Select(r => $"{r:00}")];
        return asked.Score(new FeatureTable(asked.Manifest.Origin.TestCutoff, ids, asked.Features.Catalogue(), columns));

        IEnumerable<double> Values(ModelPackage rows, string name)
        {
            var at = rows.SelfTest.Columns.ToList().IndexOf(name);
            var median = asked.Features.Columns.Single(c => c.Name == name).P50;
            return rows.SelfTest.Rows.Select(r => at < 0 ? median : r.Values[at]);
        }
    }

    private static Difference[] Pairs(SortedDictionary<string, string> first, SortedDictionary<string, string> second) =>
        [.. first.Keys.Union(second.Keys).Order(StringComparer.Ordinal).Select(k => new Difference(k, first.GetValueOrDefault(k), second.GetValueOrDefault(k))).Where(d => d.First != d.Second)];

    private static SortedDictionary<string, string> Origins(ModelPackage package)
    {
        var (manifest, origin) = (package.Manifest, package.Manifest.Origin);
        return new(StringComparer.Ordinal)
        {
            ["name"] = manifest.Name, ["program"] = $"{manifest.Program.Version} {manifest.Program.Build}", ["commit"] = origin.Commit, ["data_fingerprint"] = origin.DataFingerprint,
            ["seed"] = $"{origin.Seed}", ["threads"] = $"{origin.Threads}", ["train_cutoffs"] = string.Join(' ', origin.TrainCutoffs.Select(c => $"{c:yyyy-MM-dd}")),
            ["test_cutoff"] = $"{origin.TestCutoff:yyyy-MM-dd}", ["horizon_days"] = $"{origin.HorizonDays}", ["chosen_by"] = origin.ChosenBy,
            ["value"] = manifest.Value?.Candidate ?? "none", ["churn"] = manifest.Churn?.Candidate ?? "none",
        };
    }

    private static SortedDictionary<string, string> SettingsOf(ModelPackage package)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (question, answer) in new[] { ("value", package.Manifest.Value), ("churn", package.Manifest.Churn) })
            foreach (var (name, value) in answer?.Settings ?? new Dictionary<string, string>()) all[$"{question}.{name}"] = value;
        foreach (var (name, value) in package.Features.Settings) all[$"features.{name}"] = value;
        return all;
    }

    private static FileDifference[] FilesOf(ModelPackage first, ModelPackage second) =>
        [.. first.Files.Paths.Union(second.Files.Paths).Order(StringComparer.Ordinal)
            .Select(p => new FileDifference(p, first.Files.Has(p) ? first.Files[p].Length : null, second.Files.Has(p) ? second.Files[p].Length : null))
            .Where(f => f.FirstBytes is null || f.SecondBytes is null || !first.Files[f.Path].AsSpan().SequenceEqual(second.Files[f.Path]))];

    private static FigureDifference[] MetricsOf(ModelPackage first, ModelPackage second)
    {
        var (one, two) = (Figures(first), Figures(second));
        return [.. one.Keys.Union(two.Keys).Order(StringComparer.Ordinal).Select(k => new FigureDifference(k, one.TryGetValue(k, out var a) ? a : null, two.TryGetValue(k, out var b) ? b : null)).Where(d => d.First != d.Second)];

        static Dictionary<string, double> Figures(ModelPackage package) =>
            (package.Metrics.Value?.Metrics ?? []).Concat(package.Metrics.Churn?.Metrics ?? []).ToDictionary(f => f.Metric, f => f.Figure, StringComparer.Ordinal);
    }
}

/// <summary>Two texts that differ; null where there is none.</summary>
public sealed record Difference(string Name, string? First, string? Second);

/// <summary>A file that differs; a size is null where it isn't there.</summary>
public sealed record FileDifference(string Path, long? FirstBytes, long? SecondBytes);

/// <summary>A figure that differs; null where it isn't there.</summary>
public sealed record FigureDifference(string Metric, double? First, double? Second);

/// <summary>How far two packages' answers lie apart.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="Differing">Rows whose answers differ at all.</param>
/// <param name="Largest">The largest difference.</param>
/// <param name="Mean">The mean size of the difference.</param>
public sealed record ScoreDifference(int Rows, int Differing, double Largest, double Mean)
{
    internal static ScoreDifference? Of(double[]? first, double[]? second)
    {
        if (first is null || second is null) return null;
        double[] apart = [.. first.Zip(second, (a, b) => Math.Abs(a - b))];
        return new(apart.Length, apart.Count(d => d > 0), apart.Max(), apart.Average());
    }
}
