using CustomerValue.Evaluation;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;

namespace CustomerValue.Experiments;

/// <summary>Where an experiment's candidates find what they are made from besides its texts.</summary>
/// <param name="Data">The folder of data sets.</param>
/// <param name="Models">The folder of published models.</param>
public sealed record ExperimentFolders(string Data, string Models)
{
    /// <summary>A data set's folder.</summary>
    public string DataSet(string name) => Path.Combine(Data, name);

    /// <summary>A published model's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">It isn't there.</exception>
    public string Model(string name) => Path.Combine(Models, name) is var folder && Directory.Exists(folder) ? folder
        : throw new DirectoryNotFoundException($"A candidate begins with the published model {name}, and {Path.GetFullPath(folder)} isn't there. Put its folder (config.json, weights, vocabulary) there, or name the folder of models: --models FOLDER.");
}

/// <summary>A question to labelled texts, and everything that its answer depends on.</summary>
/// <param name="Name">The experiment's folder name, such as 1001-zh-shop.</param>
public sealed record TextExperiment(string Name)
{
    /// <summary>What it asks, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>The texts, found in the folder of data sets that the run is given.</summary>
    public required Func<string, TextDataset> Data { get; init; }

    /// <summary>What is compared; names differ. The first is the baseline that the others are set against. Made once a run, from the folders that it is given.</summary>
    public required Func<ExperimentFolders, IReadOnlyList<ITextCandidate>> Candidates { get; init; }

    /// <summary>The figures reported.</summary>
    public IReadOnlyList<ClassMetric> Metrics { get; init; } = ClassMetric.All;

    /// <summary>What the winner is chosen by, on dev; one of <see cref="Metrics"/>.</summary>
    public ClassMetric ChosenBy { get; init; } = ClassMetric.Accuracy;

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>Refuses an experiment that can't mean what it says.</summary>
    /// <param name="candidates">What <see cref="Candidates"/> made.</param>
    /// <exception cref="ArgumentException">There are no candidates, two share a name, or the figure to choose by isn't reported.</exception>
    public void Validate(IReadOnlyList<ITextCandidate> candidates)
    {
        CandidateNames.Check(Name, candidates.Select(c => c.Name));
        if (!Metrics.Contains(ChosenBy)) throw new ArgumentException($"Experiment {Name} chooses its winner by {ChosenBy.Figure.Key}, which isn't among its metrics: {string.Join(", ", Metrics.Select(m => m.Figure.Key))}.");
    }
}
