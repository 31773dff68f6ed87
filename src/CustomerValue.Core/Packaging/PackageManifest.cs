using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CustomerValue.Packaging;

/// <summary>What a package holds and where it comes from; <c>manifest.json</c>. Nothing in it tells one run from another of the same thing: no time, no run id.</summary>
/// <param name="SchemaVersion">Version of the package's form; a program refuses newer ones.</param>
/// <param name="Name">The experiment's name.</param>
/// <param name="Program">The program that made it.</param>
/// <param name="Origin">What the models were learned from.</param>
/// <param name="Value">Who answers value; null when no one does.</param>
/// <param name="Churn">Who answers churn; null when no one does.</param>
/// <param name="Files">Every file but this one.</param>
/// <param name="Encoder">Folder of the encoder that reads customers' texts for the features; null where the models ask for none.</param>
public sealed record PackageManifest(
    int SchemaVersion, string Name, PackageProgram Program, PackageOrigin Origin, PackagedAnswer? Value, PackagedAnswer? Churn, IReadOnlyList<PackagedFile> Files,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Encoder = null)
{
    /// <summary>The newest version of the form that this program reads. A package is written in the oldest that tells all of it: 2 where it holds an encoder, else 1.</summary>
    public const int CurrentSchema = 2;

    /// <summary>Setting of <c>features.json</c> that tells which rows customers were, and its one value; without it they are customers at one cutoff.</summary>
    public const string RowsSetting = "rows", FirstOrders = "first orders";

    internal const string Path = "manifest.json", MlModel = "MLmodel", Features = "features.json", Calibration = "calibration.json", Metrics = "metrics.json",
        Card = "model-card.md", Licences = "LICENSES.md", SelfTest = "selftest.json", Models = "model", Labels = "labels.json", EncoderTest = "encoder-test.json", EncoderPlace = Models + "/encoder";

    /// <summary>The files listed, with size and SHA-256.</summary>
    internal static IReadOnlyList<PackagedFile> List(PackageFiles files) =>
        [.. files.Paths.Where(p => p != Path).Select(p => new PackagedFile(p, files[p].Length, Sha256(files[p])))];

    /// <summary>The SHA-256 of the parts of a package that decide its scores: its models, and their columns or labels.</summary>
    internal static string Decisive(PackageFiles files) => Sha256(Encoding.UTF8.GetBytes(string.Concat(files.Paths
        .Where(p => p is Features or Labels || p.StartsWith(Models + "/", StringComparison.Ordinal)).Select(p => $"{p} {Sha256(files[p])}\n"))));

    internal static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>The program that made a package.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Build">A digest of its code.</param>
public sealed record PackageProgram(string Version, string Build);

/// <summary>What a package's models were learned from.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Question">What it asked.</param>
/// <param name="Commit">The commit that ran.</param>
/// <param name="DataFingerprint">Of the records.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Threads">Threads of native libraries.</param>
/// <param name="TrainCutoffs">Cutoffs of the labelled rows.</param>
/// <param name="TestCutoff">Cutoff that the figures were measured at.</param>
/// <param name="HorizonDays">Length of the window foreseen, in days.</param>
/// <param name="ChosenBy">How the winners were chosen, in words.</param>
public sealed record PackageOrigin(string Experiment, string Question, string Commit, string DataFingerprint, int Seed, int Threads,
    IReadOnlyList<DateOnly> TrainCutoffs, DateOnly TestCutoff, int HorizonDays, string ChosenBy);

/// <summary>Who answers one question.</summary>
/// <param name="Candidate">The candidate's name in the experiment.</param>
/// <param name="Model">Folder of its model.</param>
/// <param name="Settings">All that decided it.</param>
public sealed record PackagedAnswer(string Candidate, string Model, IReadOnlyDictionary<string, string> Settings);

/// <summary>One file of a package.</summary>
/// <param name="Path">Relative path, parts parted by '/'.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record PackagedFile(string Path, long Bytes, string Sha256);
