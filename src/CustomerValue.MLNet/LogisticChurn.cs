using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace CustomerValue.MLNet;

/// <summary>Options of <see cref="LogisticChurn"/>.</summary>
public sealed record LogisticChurnOptions
{
    /// <summary>Strengths of the pull of weights towards 0 to choose from, on later rows of other customers; a single one is taken as it is.</summary>
    public IReadOnlyList<double> L2
    {
        get;
        init => field = value.Count > 0 ? [.. value.Select(l2 => Check.Within(l2, 0, 1e9, nameof(L2)))]
            : throw new ArgumentException("Give at least one strength of L2.", nameof(L2));
    } = [1, 10, 100, 1000];

    /// <summary>Share of the training rows at either end of a column beyond which values are capped.</summary>
    public double Tail { get; init => field = Check.Within(value, 0, 0.1); } = 0.002;

    /// <summary>Groups of customers that take turns as validation.</summary>
    public int Folds { get; init => field = Check.Within(value, 2, 20); } = 4;

    /// <summary>Columns to learn from; null stands for all of the table but <see cref="Exclude"/> and text vectors; see <see cref="LearnedColumns"/>.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
}

/// <summary>Churn by logistic regression over scaled features (capped, heavy tails by their logarithm): L-BFGS of ML.NET, one thread, so that it repeats.</summary>
/// <param name="options">Strength and columns.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class LogisticChurn(LogisticChurnOptions? options = null, string name = "logistic-churn") : ICandidate
{
    private readonly LogisticChurnOptions _options = options ?? new();

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["l2"] = string.Join(' ', _options.L2.Select(Text)),
        ["tail"] = Text(_options.Tail),
        ["folds"] = _options.Folds.ToString(CultureInfo.InvariantCulture),
        ["columns"] = _options.Columns is null ? "all" : string.Join(' ', _options.Columns),
        ["exclude"] = string.Join(' ', _options.Exclude),
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are no labelled rows, or their window isn't the one to foresee.</exception>
    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        LabelledRows.Require(data, Name);
        var columns = LearnedColumns.Of(data.Current, _options.Columns, _options.Exclude);
        return Learn(data.Cutoffs, columns, Strength(data.Cutoffs, columns, context), context);
    }

    private double Strength(IReadOnlyList<LabelledTable> cutoffs, IReadOnlyList<string> columns, FitContext context)
    {
        if (_options.L2.Count == 1) return _options.L2[0];
        var folds = TimeOrderedFolds.Split(cutoffs, _options.Folds);
        double[] actual = [.. folds.SelectMany(f => f.Validate.Labels.Churned).Select(c => c ? 1.0 : 0.0)];
        return _options.L2.MinBy(l2 => Loss.Log(
            [.. folds.SelectMany(f => Learn(f.Train, columns, l2, context).Predict(f.Validate.Features).Churn!)], actual));
    }

    private FittedLogisticChurn Learn(IReadOnlyList<LabelledTable> cutoffs, IReadOnlyList<string> columns, double l2, FitContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var scaling = Varying(new FeatureScaling(columns, _options.Tail).Fit([.. cutoffs.Select(c => c.Features)]));
        var rows = cutoffs.SelectMany(c => Rows(scaling.Transform(c.Features), c.Labels.Churned)).ToArray();
        if (scaling.Columns.Count == 0 || rows.All(row => row.Label == rows[0].Label))
            // Nothing to tell customers by, or one class only, where weights would run away. The share, kept off 0 and 1 by half a customer, is all there is to say.
            return new(scaling, new double[scaling.Columns.Count], LogisticCurve.Logit((rows.Count(r => r.Label) + 0.5) / (rows.Length + 1.0)), l2);

        // A context of its own for every fit: with one and the same, a second fit draws other random numbers.
        var ml = new MLContext(context.Seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, scaling.Columns.Count);
        var model = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = (float)l2,
            OptimizationTolerance = 1e-6f,
            NumberOfThreads = 1,
        }).Fit(ml.Data.LoadFromEnumerable(rows, schema)).Model.SubModel;
        return new(scaling, [.. model.Weights.Select(w => (double)w)], model.Bias, l2);
    }

    // A column that never varies teaches nothing, but moves the others to other lanes of the sums in single precision, and so where the search ends.
    private static FittedScaling Varying(FittedScaling scaling) => new([.. scaling.Columns.Where(column => column.Spread != 0)]);

    private static IEnumerable<Row> Rows(double[][] columns, bool[] churned)
    {
        for (var row = 0; row < churned.Length; row++)
            yield return new() { Label = churned[row], Features = [.. columns.Select(column => (float)column[row])] };
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Row
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}

/// <summary>The fitted regression: plain numbers, scored in plain C#.</summary>
/// <param name="Scaling">What is done to the columns first.</param>
/// <param name="Weights">[columns]: logits per standard deviation of the scaled column.</param>
/// <param name="Bias">Logit of the average row.</param>
/// <param name="L2">The strength that was chosen.</param>
public sealed record FittedLogisticChurn(FittedScaling Scaling, IReadOnlyList<double> Weights, double Bias, double L2) : IHasReasons
{
    // A column that never varied, or whose weight is 0, adds nothing.
    public IReadOnlyList<string> Columns { get; } = [.. Scaling.Columns.Where((c, i) => Counts(c, Weights[i])).Select(c => c.Name)];

    public Scores Predict(FeatureTable customers)
    {
        var logits = new double[customers.Rows];
        Array.Fill(logits, Bias);
        for (var c = 0; c < Weights.Count; c++)
        {
            var (scaled, weight) = (Scaling.Columns[c], Weights[c]);
            if (!Counts(scaled, weight)) continue;
            var values = customers[scaled.Name];
            for (var row = 0; row < logits.Length; row++) logits[row] += weight * scaled.At(values[row]);
        }
        for (var row = 0; row < logits.Length; row++) logits[row] = LogisticCurve.Sigmoid(logits[row]);
        return new(Churn: logits);
    }

    /// <summary>Weight times scaled value: what a column adds to the logit against its mean.</summary>
    public Contributions Reasons(FeatureTable customers, Answer answer)
    {
        if (answer != Answer.Churn) return Contributions.None;
        var counting = Enumerable.Range(0, Weights.Count).Where(c => Counts(Scaling.Columns[c], Weights[c])).ToArray();
        return new(Columns, [.. counting.Select(c => customers[Scaling.Columns[c].Name].Select(value => Weights[c] * Scaling.Columns[c].At(value)).ToArray())]);
    }

    private static bool Counts(ScaledColumn column, double weight) => column.Spread != 0 && weight != 0;
}
