using CustomerValue.Evaluation;

namespace CustomerValue.Experiments;

/// <summary>What the results of all kinds of experiments have in common.</summary>
public interface IRunResult
{
    /// <summary>Name of the experiment.</summary>
    string Experiment { get; }

    /// <summary>32 hexadecimal digits.</summary>
    string RunId { get; }

    /// <summary>The commit that ran, with <c>+changes</c> behind it when the working tree differed; <c>unknown</c> outside a checkout.</summary>
    string Commit { get; }

    /// <summary>Of the data read.</summary>
    string DataFingerprint { get; }

    /// <summary>The experiment's seed.</summary>
    int Seed { get; }

    /// <summary>Threads that native libraries used.</summary>
    int Threads { get; }

    /// <summary>Each candidate's times and figures.</summary>
    IReadOnlyList<CandidateResult> Candidates { get; }

    /// <summary>Candidates set against each other on the test rows.</summary>
    IReadOnlyList<ModelComparison> Comparisons { get; }

    /// <summary>The winners' package; null where there is none.</summary>
    PackageResult? Package { get; }
}

/// <summary>All that an experiment on named figures says of itself; written as <c>result.json</c>, as <see cref="ExperimentResult"/> is.</summary>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Question">What it asks.</param>
/// <param name="RunId">32 hexadecimal digits.</param>
/// <param name="Commit">The commit that ran, with <c>+changes</c> behind it when the working tree differed; <c>unknown</c> outside a checkout.</param>
/// <param name="DataFingerprint">Of the data read.</param>
/// <param name="Seed">The experiment's seed.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="Rows">Rows of each part: train, dev, test; empty where candidates read different ones.</param>
/// <param name="Candidates">Each candidate's times and figures: on test, on dev (validation), and what it chose on dev.</param>
/// <param name="Comparisons">Every other candidate against the baseline, and the winner against every other one, on the test rows.</param>
/// <param name="Winner">The best on dev; null where candidates aren't ranked.</param>
/// <param name="Stages">What each stage cost.</param>
/// <param name="Package">The winner's package; null where there is none, as of candidates that aren't models.</param>
public sealed record FiguresResult(
    string Experiment, string Question, string RunId, string Commit, string DataFingerprint, int Seed, int Threads,
    IReadOnlyDictionary<string, int> Rows, IReadOnlyList<CandidateResult> Candidates, IReadOnlyList<ModelComparison> Comparisons,
    Winner? Winner, IReadOnlyList<StageCost> Stages, PackageResult? Package = null) : IRunResult;

/// <summary>The candidate that was chosen.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="ChosenBy">How it was chosen, in words.</param>
public sealed record Winner(string Name, string ChosenBy)
{
    /// <summary>The best on dev by a figure, of equals the first; null where none has the figure.</summary>
    internal static Winner? OnDev(Figure figure, IEnumerable<(string Name, IReadOnlyDictionary<string, double> Dev)> candidates)
    {
        (string Name, double Figure)? best = null;
        foreach (var (name, dev) in candidates)
            if (dev.TryGetValue(figure.Key, out var own) && (best is null || figure.IsBetter(own, best.Value.Figure))) best = (name, own);
        return best is { } found ? new(found.Name, $"{figure.Key} on dev") : null;
    }
}
