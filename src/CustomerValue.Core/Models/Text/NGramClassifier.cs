using System.Globalization;

namespace CustomerValue.Models.Text;

/// <summary>What is best on dev.</summary>
public enum ChosenBy
{
    /// <summary>Least mean negative log-likelihood of the right class.</summary>
    LogLoss,

    /// <summary>Most right answers; of equals the one with the least log loss.</summary>
    Accuracy,
}

/// <summary>Options of <see cref="NGramClassifier"/>.</summary>
public sealed record NGramOptions
{
    /// <summary>The kinds of n-grams.</summary>
    public IReadOnlyList<NGramBlock> Blocks { get; init; } = [NGramBlock.Characters(1, 3)];

    /// <summary>What an n-gram weighs.</summary>
    public NGramWeight Weight { get; init; }

    /// <summary>C, ascending: what a misjudged text costs against the squared length of the weights. Which one is chosen on dev.</summary>
    public IReadOnlyList<double> Costs { get; init; } = [0.25, 0.5, 1, 2, 4, 8, 16, 32];

    /// <summary>What C is chosen by.</summary>
    public ChosenBy ChosenBy { get; init; }
}

/// <summary>A text's class from its n-grams: a weight for each n-gram and class, added up.</summary>
/// <param name="options">N-grams and penalties.</param>
/// <param name="learner">How weights are found.</param>
/// <param name="name">Short name, unique in its experiment.</param>
public sealed class NGramClassifier(NGramOptions options, ILinearLearner learner, string name) : ITextCandidate
{
    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(learner.Settings)
    {
        ["n_grams"] = string.Join("; ", options.Blocks),
        ["weight"] = options.Weight.ToString(),
        ["costs"] = string.Join(' ', options.Costs.Select(c => c.ToString(CultureInfo.InvariantCulture))),
        ["chosen_by"] = options.ChosenBy.ToString(),
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no texts, or no penalties to choose from.</exception>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        if (options.Costs.Count == 0) throw new ArgumentException($"'{name}' has no penalty C to choose from.", nameof(options));
        var grams = new NGrams(options.Blocks, options.Weight).Fit(train.Texts);
        var (x, held) = (grams.Transform(train.Texts), grams.Transform(dev.Texts));
        FittedNGramClassifier? best = null;
        var (least, number) = ((double.PositiveInfinity, double.PositiveInfinity), 0);
        foreach (var model in learner.Path(x, train.Labels, train.Classes.Count, options.Costs, context, cancellation))
        {
            var scores = model.Scores(held, context.Threads);
            var scale = learner.GivesLogits ? ScoreScale.Logits : ScoreScale.Fit(scores, dev.Labels, train.Classes.Count);
            var (loss, wrong) = ClassLoss.Of(scale.Probabilities(scores, train.Classes.Count), dev.Labels);
            var found = options.ChosenBy == ChosenBy.LogLoss ? (loss, wrong) : (wrong, loss);
            if (best is null || found.CompareTo(least) < 0) (best, least) = (new(grams, model, scale, train.Classes.Count, options.Costs[number], context.Threads), found);
            number++;
            context.Progress?.Report(new(name, number, options.Costs.Count, "penalties"));
        }
        return best!;
    }
}

/// <summary>The fitted classifier.</summary>
/// <param name="Grams">The n-grams that count.</param>
/// <param name="Model">Their weights.</param>
/// <param name="Scale">From scores to probabilities.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Cost">The penalty C that was chosen.</param>
/// <param name="Threads">Threads that scores are computed with; they change none.</param>
internal sealed record FittedNGramClassifier(FittedNGrams Grams, LinearModel Model, ScoreScale Scale, int Classes, double Cost, int Threads) : IFittedTextCandidate, ITellsChoices, IHasParts
{
    public IReadOnlyDictionary<string, string> Choices { get; } = new Dictionary<string, string>
    {
        ["cost"] = Cost.ToString(CultureInfo.InvariantCulture),
        ["n_grams"] = Grams.Columns.ToString(CultureInfo.InvariantCulture),
    };

    IReadOnlyList<string> IHasParts.Parts => [.. Grams.Blocks.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Columns:#,0} n-grams, {b.Block}, {b.Weight}"))];

    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Scale.Probabilities(Model.Scores(Grams.Transform(texts), Threads), Classes);
    }

    public void Dispose() { }
}
