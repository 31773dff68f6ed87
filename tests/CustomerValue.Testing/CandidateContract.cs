using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;
using Xunit;

namespace CustomerValue.Testing;

/// <summary>What every candidate keeps: it repeats, leaves its inputs alone, answers in range for any customer, one by one as all at once, and from a package as before.</summary>
public static class CandidateContract
{
    /// <summary>Checks the candidate on <see cref="SampleCustomers"/>, or on data of one's own.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="data">Data of one's own.</param>
    /// <param name="codecs">The kinds of model that can be packaged; the core's when left out.</param>
    /// <param name="isPackaged">False where none of these codecs writes it.</param>
    /// <param name="packagedTo">How far answers from a package may be off, relative to their size above 1: more than 0 where another engine gives them.</param>
    public static void Holds(ICandidate candidate, TrainingData? data = null, ModelCodecs? codecs = null, bool isPackaged = true, double packagedTo = 0)
    {
        data ??= SampleCustomers.Training();
        var before = data.Current.Columns.Select(column => column.ToArray()).ToArray();
        var scores = candidate.Fit(data, new FitContext(Seed: 7)).Predict(data.Current);
        var again = candidate.Fit(data, new FitContext(Seed: 7));

        Assert.Equal(before, data.Current.Columns);
        Assert.NotEmpty(candidate.Name);
        Assert.All(candidate.Settings, setting => Assert.NotNull(setting.Value));
        Assert.True(scores.Spend is not null || scores.Churn is not null, $"{candidate.Name} answers neither spend nor churn.");
        Same(scores, again.Predict(data.Current));
        InRange(scores, data.Current.Rows);
        Same(scores, OneByOne(again, data.Current));
        InRange(again.Predict(Extremes(data.Current)), data.Current.Rows);
        Same(scores, again.Predict(data.Current.Select(again.Columns)));
        if (isPackaged) KeepsInAPackage(again, data, codecs ?? ModelCodecs.Core, packagedTo);
        else Assert.Null((codecs ?? ModelCodecs.Core).TryWrite(again));
    }

    private static void KeepsInAPackage(IFittedCandidate fitted, TrainingData data, ModelCodecs codecs, double packagedTo)
    {
        var files = codecs.Write(fitted);
        var packaged = codecs.Read(files);
        Same(fitted.Predict(data.Current), packaged.Predict(data.Current), packagedTo);
        Same(packaged.Predict(data.Current), OneByOne(packaged, data.Current));
        Assert.Equal(fitted.Columns, packaged.Columns);
        var again = codecs.Write(packaged);
        Assert.Equal(files.Paths, again.Paths);
        Assert.All(files.Paths, path => Assert.Equal(files[path], again[path]));
    }

    private static void Same(Scores expected, Scores found, double within = 0)
    {
        foreach (var (a, b) in new[] { (expected.Spend, found.Spend), (expected.Churn, found.Churn), (expected.Purchases, found.Purchases) })
            if (within == 0 || a is null || b is null) Assert.Equal(a, b);
            else Assert.All(a.Zip(b), pair => Assert.Equal(0, (pair.First - pair.Second) / Math.Max(1, Math.Abs(pair.First)), within));
    }

    private static void InRange(Scores scores, int rows)
    {
        foreach (var amounts in new[] { scores.Spend, scores.Purchases })
        {
            if (amounts is null) continue;
            Assert.Equal(rows, amounts.Length);
            Assert.All(amounts, value => Assert.True(double.IsFinite(value) && value >= 0));
        }
        if (scores.Churn is null) return;
        Assert.Equal(rows, scores.Churn.Length);
        Assert.All(scores.Churn, value => Assert.InRange(value, 0, 1));
    }

    private static Scores OneByOne(IFittedCandidate fitted, FeatureTable table)
    {
        var scores = Enumerable.Range(0, table.Rows).Select(row => fitted.Predict(table.At([row]))).ToArray();
        return new(
            scores[0].Spend is null ? null : [.. scores.SelectMany(s => s.Spend!)],
            scores[0].Churn is null ? null : [.. scores.SelectMany(s => s.Churn!)],
            scores[0].Purchases is null ? null : [.. scores.SelectMany(s => s.Purchases!)]);
    }

    // A thousand times what was ever seen.
    private static FeatureTable Extremes(FeatureTable table) =>
        new(table.Cutoff, table.CustomerIds, table.Features, [.. table.Columns.Select(column => column.Select(v => v * 1000).ToArray())]) { Records = table.Records };
}
