using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CustomerValue.Evaluation;

namespace CustomerValue.Experiments;

/// <summary>All that a finished experiment says of itself; written as <c>result.json</c>, names in snake_case.</summary>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="Question">What it asks.</param>
/// <param name="RunId">32 hexadecimal digits.</param>
/// <param name="Commit">The commit that ran, with <c>+changes</c> behind it when the working tree differed; <c>unknown</c> outside a checkout.</param>
/// <param name="DataFingerprint">Of the records loaded.</param>
/// <param name="Seed">The experiment's seed.</param>
/// <param name="Threads">Threads that native libraries used.</param>
/// <param name="Split">Cutoffs and horizon.</param>
/// <param name="Rows">Training and test rows.</param>
/// <param name="Labels">What the test customers did.</param>
/// <param name="Candidates">Each candidate's times and figures.</param>
/// <param name="Comparisons">The winners against every other candidate, on the test rows.</param>
/// <param name="Winners">The best by the declared metrics.</param>
/// <param name="Stages">What each stage cost.</param>
/// <param name="Package">The winners' package; null where no one answers, or none was asked for.</param>
public sealed record ExperimentResult(
    string Experiment, string Question, string RunId, string Commit, string DataFingerprint, int Seed, int Threads,
    SplitResult Split, RowCounts Rows, LabelFigures Labels, IReadOnlyList<CandidateResult> Candidates,
    IReadOnlyList<ModelComparison> Comparisons, Winners Winners, IReadOnlyList<StageCost> Stages, PackageResult? Package = null) : IRunResult
{
    /// <summary>What text bought, on the test rows, by slice, figure and candidate; null where no feature comes of texts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TextGainRow>? TextGain { get; init; }

    /// <summary>What could be foreseen at best of the test rows, by slice; null where the shop's truth isn't known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ForeseeableRow>? Foreseeable { get; init; }

    /// <summary>AUC, Gini and log loss of every candidate by orders so far; null where everybody had ordered, or the table doesn't tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SliceResult>? ByOrders { get; init; }

    /// <summary>What a reader should look into before believing a figure; null where there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>How results are written everywhere: snake_case, indented, '\n', the same bytes for the same values; a figure that isn't defined is the text NaN.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>The winners' package.</summary>
/// <param name="Sha256">Of the archive; the same when the same run is repeated.</param>
/// <param name="Bytes">Size of the archive.</param>
/// <param name="Files">Number of files in it.</param>
public sealed record PackageResult(string Sha256, long Bytes, int Files);

/// <summary>Cutoffs and horizon of a result.</summary>
public sealed record SplitResult(IReadOnlyList<DateOnly> TrainCutoffs, DateOnly TestCutoff, int HorizonDays, int TrainHorizonDays);

/// <summary>Rows over all training cutoffs, and at the test cutoff.</summary>
public sealed record RowCounts(int Train, int Test);

/// <summary>What the test customers did: share without an order, mean and sum of net spend in account currency.</summary>
public sealed record LabelFigures(double ChurnRate, double SpendMean, double SpendSum);

/// <summary>One candidate of a result.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="FitSeconds">Time to fit; members of a blend that stand in the list too are fitted once and count there.</param>
/// <param name="PredictSeconds">Time to score the test rows.</param>
/// <param name="Metrics">Figures on the test rows.</param>
/// <param name="Validation">Figures on the rows that winners are chosen on: dev texts, or the latest training cutoff, by models that saw neither its labels' customers nor its time. Empty where there are none.</param>
/// <param name="Settings">All that decides it.</param>
/// <param name="Choices">What it chose by itself on rows kept for that, such as a penalty or the weights of a blend; null where it tells nothing.</param>
public sealed record CandidateResult(string Name, double FitSeconds, double PredictSeconds,
    IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double> Validation, IReadOnlyDictionary<string, string> Settings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Choices = null);

/// <summary>How candidates did on some of the test customers.</summary>
/// <param name="Slice">Which, one of the keys of <see cref="OrderSlices"/>.</param>
/// <param name="Rows">How many.</param>
/// <param name="Candidates">Each candidate's figures.</param>
/// <param name="Comparisons">The winners against every other candidate.</param>
public sealed record SliceResult(string Slice, int Rows, IReadOnlyList<CandidateFigures> Candidates, IReadOnlyList<ModelComparison> Comparisons);

/// <summary>The winners' names; null where no candidate answers.</summary>
/// <param name="Value">Best at value.</param>
/// <param name="Churn">Best at churn.</param>
/// <param name="ChosenBy">How they were chosen, in words.</param>
public sealed record Winners(string? Value, string? Churn, string ChosenBy);
