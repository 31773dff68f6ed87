using System.Globalization;
using CustomerValue.Text;

namespace CustomerValue.Models.Text;

/// <summary>What can be read off an encoder that isn't touched: logistic regression over the vector that it makes of a text and the answers of its heads.</summary>
/// <param name="encoder">The encoder; it stays the caller's, and must last as long as what is fitted.</param>
/// <param name="name">Short name, unique in its experiment.</param>
/// <param name="costs">C, ascending: what a misjudged text costs against the squared length of the weights; which one is chosen on dev by log loss. Null for usual ones.</param>
/// <remarks>The plain question before tuning: is the answer in there already? Alain and Bengio (2016), "Understanding intermediate layers using linear classifier probes".
/// A probe can't be packaged: the encoder isn't its own.</remarks>
public sealed class LinearProbe(ITextEncoder encoder, string name, IReadOnlyList<double>? costs = null) : ITextCandidate
{
    private readonly IReadOnlyList<double> _costs = costs ?? [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(new LogisticRegression().Settings)
    {
        ["encoder"] = encoder.Identity,
        ["costs"] = string.Join(' ', _costs.Select(c => c.ToString(CultureInfo.InvariantCulture))),
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no texts, or no penalties to choose from.</exception>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        if (train.Texts.Count == 0 || dev.Texts.Count == 0) throw new ArgumentException($"'{name}' needs texts to learn from and texts to choose its penalty on; there are {train.Texts.Count} and {dev.Texts.Count}.", nameof(train));
        if (_costs.Count == 0) throw new ArgumentException($"'{name}' has no penalty C to choose from.", nameof(costs));
        var rows = Rows(train.Texts, context.Progress, cancellation);
        var scaling = Scaling.Of(rows);
        var (x, held) = (scaling.Apply(rows), scaling.Apply(Rows(dev.Texts, context.Progress, cancellation)));
        FittedLinearProbe? best = null;
        var (least, number) = (double.PositiveInfinity, 0);
        foreach (var model in ((ILinearLearner)new LogisticRegression()).Path(x, train.Labels, train.Classes.Count, _costs, context, cancellation))
        {
            var (loss, _) = ClassLoss.Of(ScoreScale.Logits.Probabilities(model.Scores(held, context.Threads), train.Classes.Count), dev.Labels);
            if (best is null || loss < least) (best, least) = (new(this, scaling, model, train.Classes.Count, _costs[number], context.Threads), loss);
            number++;
        }
        return best!;
    }

    // [texts][H + answers]
    private float[][] Rows(IReadOnlyList<string> texts, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var encoded = encoder.Encode(texts, progress, cancellation);
        return [.. encoded.Embeddings.Select((vector, t) => (float[])[.. vector, .. encoder.Heads.SelectMany(head => encoded.Answers[head.Name][t])])];
    }

    /// <summary>To mean 0 and deviation 1 over the training texts; a column that never varies says nothing.</summary>
    private sealed record Scaling(float[] Mean, float[] Deviation)
    {
        public static Scaling Of(float[][] rows)
        {
            var width = rows[0].Length;
            var (mean, deviation) = (new float[width], new float[width]);
            for (var c = 0; c < width; c++)
            {
                var middle = rows.Average(row => (double)row[c]);
                (mean[c], deviation[c]) = ((float)middle, (float)Math.Sqrt(rows.Average(row => (row[c] - middle) * (row[c] - middle))));
            }
            return new(mean, deviation);
        }

        public SparseRows Apply(float[][] rows)
        {
            int[] kept = [.. Enumerable.Range(0, Mean.Length).Where(c => Deviation[c] > 1e-6f)];
            return new(kept.Length, [.. Enumerable.Range(0, rows.Length + 1).Select(row => row * kept.Length)], [.. rows.SelectMany(_ => Enumerable.Range(0, kept.Length))],
                [.. rows.SelectMany(row => kept.Select(c => (row[c] - Mean[c]) / Deviation[c]))]);
        }
    }

    private sealed record FittedLinearProbe(LinearProbe Probe, Scaling Scaling, LinearModel Model, int Classes, double Cost, int Threads) : IFittedTextCandidate, ITellsChoices
    {
        public IReadOnlyDictionary<string, string> Choices { get; } = new Dictionary<string, string> { ["cost"] = Cost.ToString(CultureInfo.InvariantCulture) };

        public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
            texts.Count == 0 ? [] : ScoreScale.Logits.Probabilities(Model.Scores(Scaling.Apply(Probe.Rows(texts, null, cancellation)), Threads), Classes);

        public void Dispose() { }
    }
}
