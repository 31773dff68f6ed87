using CustomerValue.Evaluation;

namespace CustomerValue.Experiments;

/// <summary>An experiment whose candidates judge themselves and give named figures: for work that isn't one label a text, such as tags of words.</summary>
/// <param name="Name">The experiment's folder name, such as 1005-taggers.</param>
public sealed record FigureExperiment(string Name)
{
    /// <summary>What it asks, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>Every file that candidates read, relative to the folder of data sets; their contents are the data's fingerprint.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What is compared; names differ.</summary>
    public required IReadOnlyList<FigureCandidate> Candidates { get; init; }

    /// <summary>The figures reported; a candidate may lack some.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>The figure that the winner is chosen by, on dev; null where candidates aren't ranked.</summary>
    public Figure? ChosenBy { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>Refuses an experiment that can't mean what it says.</summary>
    /// <exception cref="ArgumentException">There are no candidates, two share a name, or there are no files or figures.</exception>
    public void Validate()
    {
        CandidateNames.Check(Name, Candidates.Select(c => c.Name));
        if (Files.Count == 0) throw new ArgumentException($"Experiment {Name} names no files, so nobody could tell which data its figures are of.");
        if (Figures.Count == 0) throw new ArgumentException($"Experiment {Name} reports no figures.");
    }
}

/// <summary>A way to do the work, with its own judgement.</summary>
/// <param name="Name">Short name, unique in its experiment.</param>
/// <param name="Settings">Everything that decides the figures besides data, seed and threads.</param>
/// <param name="Measure">Learns on the training part, chooses on dev, and judges on dev and test.</param>
public sealed record FigureCandidate(string Name, IReadOnlyDictionary<string, string> Settings, Func<FigureContext, CancellationToken, FigureAnswers> Measure);

/// <summary>What a measurement depends on besides its settings.</summary>
/// <param name="DataFolder">The folder of data sets.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Threads">Threads that may be used.</param>
/// <param name="Folder">A folder of its own for checkpoints and models.</param>
/// <param name="Progress">Told how far it has come; null for nobody.</param>
public sealed record FigureContext(string DataFolder, int Seed, int Threads, string Folder, IProgress<StageProgress>? Progress);

/// <summary>A candidate's figures by key.</summary>
/// <param name="Test">On the test part.</param>
/// <param name="Dev">On dev; what winners are chosen by.</param>
/// <param name="Choices">What was chosen on dev; null for nothing.</param>
public sealed record FigureAnswers(IReadOnlyDictionary<string, double> Test, IReadOnlyDictionary<string, double> Dev, IReadOnlyDictionary<string, string>? Choices = null);
