using System.Globalization;

namespace CustomerValue.Text.Tagging;

/// <summary>How the weights of a tagger are learned; features and file are the same.</summary>
public enum TaggerLearner
{
    /// <summary>A conditional random field: the right labels' probability is raised.</summary>
    Crf,

    /// <summary>The averaged perceptron: only mistakes are learned from.</summary>
    Perceptron,
}

/// <summary>How a tagger is trained. The defaults were chosen on the development parts of UD English-EWT and UD Chinese-GSDSimp.</summary>
public sealed record TaggerOptions
{
    /// <summary>How the weights are learned; <see cref="For"/> gives the other settings that suit it.</summary>
    public TaggerLearner Learner { get; init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There is Crf and Perceptron."); }

    /// <summary>Times that the sentences are gone over.</summary>
    public int Epochs { get; init => field = Check.Within(value, 1, 1000); } = 8;

    /// <summary>First step size; it falls to zero over the run. The perceptron has none: its steps are ones.</summary>
    public double LearningRate { get; init => field = Check.Within(value, 1e-4, 10); } = 0.1;

    /// <summary>Quadratic penalty on the weights; none for the perceptron, whose mean is its restraint.</summary>
    public double Penalty { get; init => field = Check.Within(value, 0, 1e3); } = 1;

    /// <summary>Share of the features left out, at random, each time a sentence is learned from.</summary>
    public double FeatureDropout { get; init => field = Check.Within(value, 0, 0.9); } = 0.2;

    /// <summary>A feature seen less often than this is left out.</summary>
    public int RarestFeature { get; init => field = Check.Within(value, 1, int.MaxValue); } = 2;

    /// <summary>A feature seen this often has a weight for every label, a rarer one only for the labels it was seen with.</summary>
    public int DenseFrom { get; init => field = Check.Within(value, 1, int.MaxValue); } = 2;

    /// <summary>Weights smaller than this aren't shipped.</summary>
    public double SmallestWeight { get; init => field = Check.Within(value, 0, 10); } = 0.02;

    /// <summary>Seed of the order of the sentences and of the features left out.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The settings that did best on dev with a learner.</summary>
    public static TaggerOptions For(TaggerLearner learner) => learner == TaggerLearner.Crf ? new() : new() { Learner = learner, Epochs = 12 };

    /// <summary>Everything that decides the result besides data and seed, as name and value.</summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["learner"] = Learner.ToString().ToLowerInvariant(), ["epochs"] = $"{Epochs}", ["feature_dropout"] = FeatureDropout.ToString("R", CultureInfo.InvariantCulture),
            ["rarest_feature"] = $"{RarestFeature}", ["dense_from"] = $"{DenseFrom}", ["smallest_weight"] = SmallestWeight.ToString("R", CultureInfo.InvariantCulture),
        };
        if (Learner == TaggerLearner.Perceptron) return settings;
        (settings["learning_rate"], settings["penalty"]) = (LearningRate.ToString("R", CultureInfo.InvariantCulture), Penalty.ToString("R", CultureInfo.InvariantCulture));
        return settings;
    }
}
