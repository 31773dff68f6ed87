using CustomerValue.Features;
using CustomerValue.Packaging;

namespace CustomerValue.MLNet;

/// <summary>Packages what ML.NET has fitted: weights and scaling as plain numbers, scored by plain arithmetic.</summary>
public static class MLNetCodecs
{
    /// <summary>One codec for each fitted candidate of this engine.</summary>
    public static IReadOnlyList<IModelCodec> All { get; } =
    [
        new ModelCodec<FittedLogisticChurn>("logistic-churn",
            (m, to) =>
            {
                to.Number("bias", m.Bias);
                to.Number("l2", m.L2);
                to.Each("columns", m.Scaling.Columns.Zip(m.Weights), (column, one) =>
                {
                    var (scaled, weight) = column;
                    one.Text("name", scaled.Name);
                    one.Number("weight", weight);
                    one.Number("low", scaled.Low);
                    one.Number("high", scaled.High);
                    one.Flag("log", scaled.Log);
                    one.Number("mean", scaled.Mean);
                    one.Number("spread", scaled.Spread);
                });
            },
            from =>
            {
                var columns = from.Each("columns", one => (Weight: one.Number("weight"), Scaled: Column(one)));
                return new(new([.. columns.Select(c => c.Scaled)]), [.. columns.Select(c => c.Weight)], from.Number("bias"), from.Number("l2", 0));
            }),
    ];

    private static ScaledColumn Column(ModelReader from)
    {
        var column = new ScaledColumn(from.Text("name"), from.Number("low"), from.Number("high"), from.Flag("log"), from.Number("mean"), from.Number("spread", 0));
        return column.Low <= column.High ? column : throw new InvalidDataException($"the column '{column.Name}' is capped at {column.High} above and {column.Low} below.");
    }
}
