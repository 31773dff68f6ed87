using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Packaging;
using CustomerValue.Tracking;

namespace CustomerValue.Experiments;

/// <summary>How and where an experiment runs; nothing here changes a result, but for the thread count.</summary>
public sealed record RunOptions
{
    /// <summary>The folder that the experiment's data set is found in.</summary>
    public required string DataFolder { get; init; }

    /// <summary>How that folder is called in what is logged, such as its path from the checkout; null for the path itself.</summary>
    public string? DataName { get; init; }

    /// <summary>The folder that published models are found in, each in a folder of its own: <c>models</c> beside the data folder unless told otherwise.</summary>
    public string ModelFolder { get => field ?? Path.Combine(DataFolder, "..", "models"); init; }

    /// <summary>Where language models that are taught here are kept, by what they were taught from and how, for other experiments to begin with; null: with the candidate that teaches them.</summary>
    public string? TaughtFolder { get; init; }

    /// <summary>The experiment's output folder.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Threads of native libraries; sums depend on it, so it is logged.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 1024); } = 1;

    /// <summary>Do everything anew.</summary>
    public bool Fresh { get; init; }

    /// <summary>The commit that runs.</summary>
    public string Commit { get; init; } = "unknown";

    /// <summary>Who runs it; logged where it is known.</summary>
    public string? User { get; init; }

    /// <summary>The file that says what runs; logged where it is known.</summary>
    public string? Source { get; init; }

    /// <summary>The clock of run times.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where the run is logged.</summary>
    public required IRunTracker Tracker { get; init; }

    /// <summary>Where the packaged winners are registered, under the experiment's name; the run's own tracker too. Null registers nothing.</summary>
    public IModelRegistry? Registry { get; init; }

    /// <summary>The kinds of model that can be packaged; null for a run whose winners stay in the house.</summary>
    public ModelCodecs? Codecs { get; init; }

    /// <summary>Where the winners' package is put, as NAME.zip and as the folder NAME: package/ in the output folder unless told otherwise.</summary>
    public string PackageFolder { get => field ?? Path.Combine(OutputFolder, "package"); init; }

    /// <summary>Draws what a run found: pictures by plain file name, written to plots/ in the output folder and kept with the run. Null draws nothing.</summary>
    public Func<RunFindings, IReadOnlyDictionary<string, byte[]>>? Plots { get; init; }

    /// <summary>The same of a run on texts.</summary>
    public Func<TextFindings, IReadOnlyDictionary<string, byte[]>>? TextPlots { get; init; }

    /// <summary>Where an experiment's package is put: this folder, and beside it this name with .zip and .json behind.</summary>
    /// <param name="experiment">The experiment's name.</param>
    public string PackagePlace(string experiment) => Path.Combine(PackageFolder, experiment);

    /// <summary>What could be foreseen at best of the customers of a table, over so many days from its cutoff on, row for row; for shops whose truth is known. Asked once, about the test rows,
    /// after all candidates have answered. Null, or an answer of null, tells nothing.</summary>
    public Func<FeatureTable, int, Foreseeable?>? Truth { get; init; }

    /// <summary>How the place of the truth is called in what is logged, where whoever repeats the run must name it; null where the experiment itself says where it lies, or there is none.</summary>
    public string? TruthName { get; init; }

    /// <summary>Told how far each stage has come.</summary>
    public IProgress<StageProgress>? Progress { get; init; }
}
