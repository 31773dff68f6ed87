using CustomerValue.Features;
using CustomerValue.LightGbm;

namespace CustomerValue.Cli.Bench;

/// <summary>Boosted trees on made-up rows: 200,000 of 100 columns, 300 trees of 63 leaves.</summary>
internal static class LightGbmWorks
{
    private const int Rows = 200_000, Columns = 100, Trees = 300, Explained = 2_000, Seed = 20170101;

    private static readonly LightGbmOptions s_options = new()
    {
        LearningRate = 0.1, Leaves = 63, MinRowsInLeaf = 20, L2 = 0, FeatureFraction = 1, BaggingFraction = 1,
    };

    private static readonly string[] s_names = [.. Enumerable.Range(0, Columns).Select(c => $"x{c}")];

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        new("lightgbm-train", "LightGBM binning and training, 200 k x 100, 300 trees of 63 leaves", Rows, "rows", context =>
        {
            var (values, labels) = Made(Rows);
            return () => Train(values, labels, context);
        }, Runs: 2),
        new("lightgbm-predict", "LightGBM scoring of a feature table, 300 trees of 63 leaves", Rows, "rows", context =>
        {
            var (values, labels) = Made(Rows);
            var (booster, table) = (Train(values, labels, context), Table(values, Rows));
            return () => booster.Predict(table, context.Threads, context.Cancellation);
        }),
        new("lightgbm-treeshap", "exact TreeSHAP, 300 trees of 63 leaves", Explained, "rows", context =>
        {
            var (values, labels) = Made(Rows);
            var (booster, table) = (new BoosterAverage([Train(values, labels, context)]), Table(values, Explained));
            return () => TreeShap.Explain(booster, table, context.Threads, context.Cancellation);
        }, Runs: 2),
    ];

    private static Booster Train(float[] values, float[] labels, BenchContext context)
    {
        using var data = BoostingDataset.Create(values, labels, s_names, s_options, context.Threads);
        using var growing = new BoosterTraining(data, BoostingObjective.Binary, s_options, Seed, context.Threads);
        for (var tree = 0; tree < Trees; tree++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            growing.Grow();
        }
        return growing.Model();
    }

    // Even columns, of which ten matter, alone and in pairs; labels by the logistic of their sum.
    private static (float[] Values, float[] Labels) Made(int rows)
    {
        var chance = new SplitMix64(Seed);
        var (values, labels) = (new float[(long)rows * Columns], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            var x = values.AsSpan(row * Columns, Columns);
            for (var c = 0; c < Columns; c++) x[c] = (float)chance.Unit();
            var logit = 0.0;
            for (var c = 0; c < 10; c++) logit += 2 * (x[c] - 0.5) + 4 * (x[c] - 0.5) * (x[(c + 1) % 10] - 0.5);
            labels[row] = chance.Unit() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
        }
        return (values, labels);
    }

    private static FeatureTable Table(float[] values, int rows)
    {
        var columns = s_names.Select((_, c) => Enumerable.Range(0, rows).Select(row => (double)values[row * Columns + c]).ToArray()).ToArray();
        return new(new(2020, 1, 1), [.. Enumerable.Range(0, rows).Select(row => $"{row:D8}")], [.. s_names.Select(n => new FeatureInfo(n, "", "", ""))], columns);
    }
}
