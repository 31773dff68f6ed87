using CustomerValue.Evaluation;
using CustomerValue.Features;

namespace CustomerValue.Packaging;

/// <summary>Everything that a package is made from.</summary>
internal sealed record PackageInput
{
    /// <summary>The package's name: the experiment's.</summary>
    public required string Name { get; init; }

    /// <summary>The program that makes it.</summary>
    public required PackageProgram Program { get; init; }

    /// <summary>What the models were learned from.</summary>
    public required PackageOrigin Origin { get; init; }

    /// <summary>Who answers value; null when no one does.</summary>
    public PackagedWinner? Value { get; init; }

    /// <summary>Who answers churn; null when no one does.</summary>
    public PackagedWinner? Churn { get; init; }

    /// <summary>The winners against every other candidate, on the test rows.</summary>
    public IReadOnlyList<ModelComparison> Comparisons { get; init; } = [];

    /// <summary>Tables of training rows: quantiles are taken over them.</summary>
    public required IReadOnlyList<FeatureTable> Training { get; init; }

    /// <summary>The rows that figures are measured on.</summary>
    public required LabelledTable Test { get; init; }

    /// <summary>The figures wanted.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = Metric.All;

    /// <summary>The encoder that texts were read by for the features of the test rows, as its codec wrote it; asked for only where winners read such features, and null where none took part.</summary>
    public Func<PackageFiles?>? Encoder { get; init; }

    /// <summary>How the features were built.</summary>
    public IReadOnlyDictionary<string, string> FeatureSettings { get; init; } = new Dictionary<string, string>();
}

/// <summary>A winner to be packaged.</summary>
/// <param name="Candidate">Its name.</param>
/// <param name="Settings">All that decided it.</param>
/// <param name="Model">Its fitted model, as its codec wrote it.</param>
/// <param name="Answers">[test rows]: what it foresaw.</param>
/// <param name="Validation">Figures that it was chosen by.</param>
internal sealed record PackagedWinner(string Candidate, IReadOnlyDictionary<string, string> Settings, PackageFiles Model, double[] Answers, IReadOnlyDictionary<string, double> Validation);
