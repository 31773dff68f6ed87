using CustomerValue.Evaluation;

namespace CustomerValue.Packaging;

/// <summary>What a package that tells texts apart holds and where it comes from; its <c>manifest.json</c>. Nothing in it tells one run from another of the same thing: no time, no run id.</summary>
/// <param name="SchemaVersion">Version of the package's form; a program refuses newer ones.</param>
/// <param name="Answers">What it tells apart: <c>texts</c>.</param>
/// <param name="Name">The experiment's name.</param>
/// <param name="Program">The program that made it.</param>
/// <param name="Origin">What the model was learned from.</param>
/// <param name="Label">Who answers.</param>
/// <param name="Files">Every file but this one.</param>
public sealed record TextManifest(
    int SchemaVersion, string Answers, string Name, PackageProgram Program, TextOrigin Origin, PackagedAnswer Label, IReadOnlyList<PackagedFile> Files)
{
    /// <summary>The version of the form that this program writes, and the newest that it reads.</summary>
    public const int CurrentSchema = 1;

    internal const string Texts = "texts";
}

/// <summary>What a model of texts was learned from.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Question">What it asked.</param>
/// <param name="Commit">The commit that ran.</param>
/// <param name="DataFingerprint">Of the texts.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Threads">Threads of native libraries.</param>
/// <param name="TrainTexts">Texts learned from.</param>
/// <param name="DevTexts">Texts chosen on.</param>
/// <param name="TestTexts">Texts that figures were measured on.</param>
/// <param name="ChosenBy">How the winner was chosen, in words.</param>
public sealed record TextOrigin(string Experiment, string Question, string Commit, string DataFingerprint, int Seed, int Threads, int TrainTexts, int DevTexts, int TestTexts, string ChosenBy);

/// <summary>What a text may be told to be; <c>labels.json</c>.</summary>
/// <param name="Reads">How a text goes in, in words.</param>
/// <param name="Labels">The labels, in the order of the probabilities.</param>
public sealed record PackagedLabels(string Reads, IReadOnlyList<string> Labels);

/// <summary>How good a model of texts is, measured on texts that no choice was made on; <c>metrics.json</c>.</summary>
/// <param name="Label">Who answers, and how well.</param>
/// <param name="Comparisons">The winner against other candidates, on the test texts.</param>
/// <param name="Labels">Each label by itself.</param>
/// <param name="Calibration">How sure the model was beside how often it was right, in ten groups of equal count.</param>
public sealed record TextMetrics(AnswerFigures Label, IReadOnlyList<ModelComparison> Comparisons, IReadOnlyList<LabelScore> Labels, IReadOnlyList<SurenessGroup> Calibration);

/// <summary>Texts that the model was about as sure of.</summary>
/// <param name="Texts">How many.</param>
/// <param name="Sure">Mean probability of the likeliest label.</param>
/// <param name="Right">Share whose likeliest label is the right one.</param>
public sealed record SurenessGroup(int Texts, double Sure, double Right)
{
    /// <summary>Groups of equal count, the least sure first.</summary>
    /// <param name="actual">[texts]</param>
    /// <param name="probabilities">[texts][labels]</param>
    /// <param name="groups">Number of groups; those that would be empty are left out.</param>
    internal static IReadOnlyList<SurenessGroup> Of(IReadOnlyList<int> actual, double[][] probabilities, int groups) =>
        [.. CalibrationGroup.Of([.. probabilities.Select((p, row) => Models.Text.ClassLoss.Likeliest(p) == actual[row] ? 1.0 : 0)], [.. probabilities.Select(p => p.Max())], groups)
            .Select(g => new SurenessGroup(g.Customers, g.MeanPredicted, g.MeanActual))];
}

/// <summary>How well one label is told.</summary>
/// <param name="Label">The label.</param>
/// <param name="Texts">Test texts that have it.</param>
/// <param name="Told">Test texts that are told to have it.</param>
/// <param name="Right">Test texts that are rightly told to have it.</param>
public sealed record LabelScore(string Label, int Texts, int Told, int Right)
{
    /// <summary>Each label's counts.</summary>
    /// <param name="labels">Their names.</param>
    /// <param name="actual">[texts]</param>
    /// <param name="probabilities">[texts][labels]</param>
    internal static IReadOnlyList<LabelScore> Of(IReadOnlyList<string> labels, IReadOnlyList<int> actual, double[][] probabilities)
    {
        int[] told = [.. probabilities.Select(Models.Text.ClassLoss.Likeliest)];
        return [.. labels.Select((label, c) => new LabelScore(label, actual.Count(a => a == c), told.Count(t => t == c), told.Zip(actual).Count(both => both.First == c && both.Second == c)))];
    }
}
