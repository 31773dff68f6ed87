using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Text;

namespace CustomerValue.Packaging;

/// <summary>A winner that has left the experiment: models with all that is needed to use, judge and trust them, in one folder or one archive.</summary>
/// <remarks>An opened package has been checked whole: its files are those of its manifest, byte for byte, its models were read, and they score the self-test's rows as
/// they did when it was made. Immutable, and safe to ask from many threads.</remarks>
public sealed class ModelPackage
{
    private readonly ModelCodecs _codecs;
    private readonly IFittedCandidate? _value, _churn;

    private ModelPackage(PackageFiles files, ModelCodecs codecs, PackageManifest manifest, PackagedFeatures features, PackagedMetrics metrics, PackagedCalibration calibration, SelfTest test, IFittedCandidate? value, IFittedCandidate? churn) =>
        (Files, _codecs, Manifest, Features, Metrics, Calibration, SelfTest, _value, _churn) = (files, codecs, manifest, features, metrics, calibration, test, value, churn);

    /// <summary>The files.</summary>
    public PackageFiles Files { get; }

    /// <summary>What it holds and where it comes from.</summary>
    public PackageManifest Manifest { get; }

    /// <summary>The columns it reads.</summary>
    public PackagedFeatures Features { get; }

    /// <summary>How good it is.</summary>
    public PackagedMetrics Metrics { get; }

    /// <summary>What was foreseen beside what happened.</summary>
    public PackagedCalibration Calibration { get; }

    /// <summary>The rows asked at every load.</summary>
    public SelfTest SelfTest { get; }

    /// <summary>Names of the columns that a table must carry.</summary>
    public IReadOnlyList<string> Columns => SelfTest.Columns;

    /// <summary>What comes out, in order: value, its bounds, churn_probability.</summary>
    public IReadOnlyList<string> Outputs => OutputsOf(_value, _churn);

    /// <summary>Whether a model reads customers' records: then a table must come with them (<see cref="FeatureTable.Records"/>).</summary>
    public bool ReadsRecords => Places.Any(place => _codecs.ReadsRecords(Files.Under(place)));

    private IEnumerable<string> Places => new[] { Manifest.Value?.Model, Manifest.Churn?.Model }.OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Whether value comes with bounds.</summary>
    public bool HasInterval => _value is IHasInterval;

    /// <summary>Whether reasons can be given for value, and for churn.</summary>
    public (bool Value, bool Churn) HasReasons => (_value is IHasReasons, _churn is IHasReasons);

    /// <summary>Opens a package: checks every file against the manifest, reads the models, and asks the self-test.</summary>
    /// <param name="path">A folder, or a zip archive.</param>
    /// <param name="codecs">The kinds of model that the program knows.</param>
    /// <exception cref="PackageException">It can't be trusted or isn't for this program.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at that path.</exception>
    public static ModelPackage Open(string path, ModelCodecs codecs) => Open(PackageFiles.Open(path), codecs);

    /// <summary>Opens a package that is in memory.</summary>
    /// <inheritdoc cref="Open(string, ModelCodecs)"/>
    public static ModelPackage Open(PackageFiles files, ModelCodecs codecs)
    {
        var manifest = PackageForm.Manifest<PackageManifest>(files, PackageManifest.CurrentSchema, texts: false);
        PackageForm.RequireListed(files, manifest.Files);
        MlModelFile.Require(files.Text(PackageManifest.MlModel), manifest.SchemaVersion);
        foreach (var text in (ReadOnlySpan<string>)[PackageManifest.Card, PackageManifest.Licences]) _ = files.Text(text);

        var features = PackageJson.Read<PackagedFeatures>(files, PackageManifest.Features);
        var metrics = PackageJson.Read<PackagedMetrics>(files, PackageManifest.Metrics);
        var calibration = PackageJson.Read<PackagedCalibration>(files, PackageManifest.Calibration);
        var test = PackageJson.Read<SelfTest>(files, PackageManifest.SelfTest);
        if (test.Model != PackageManifest.Decisive(files))
            throw new PackageException($"{PackageManifest.SelfTest} was made for other models or columns than the package holds. {PackageException.Damaged}");

        var shared = new SharedModels();
        var value = manifest.Value is { } v ? Model(files, v, codecs, shared) : null;
        var churn = manifest.Churn is { } c ? manifest.Value?.Model == c.Model ? value : Model(files, c, codecs, shared) : null;
        var stray = files.Paths.Where(p => p.StartsWith(PackageManifest.Models + "/", StringComparison.Ordinal)
            && !new[] { manifest.Value?.Model, manifest.Churn?.Model, manifest.Encoder }.Any(place => place is not null && p.StartsWith(place + "/", StringComparison.Ordinal))).ToArray();
        if (stray.Length > 0) throw new PackageException($"No answer of the manifest needs {string.Join(", ", stray.Take(5))}. {PackageException.Damaged}");

        string[] needed = [.. Needed(value, churn).Order(StringComparer.Ordinal)];
        if (!needed.SequenceEqual(features.Columns.Select(f => f.Name)))
            throw new PackageException($"The models read {needed.Length} columns, and {PackageManifest.Features} lists {features.Columns.Count}, or others, or in another order. {PackageException.Damaged}");
        var package = new ModelPackage(files, codecs, manifest, features, metrics, calibration, test, value, churn);
        package.AskItself();
        package.AskEncoder();
        return package;
    }

    /// <summary>Whether it holds an encoder, so that customers can be scored from what they wrote.</summary>
    public bool HasEncoder => Manifest.Encoder is not null;

    /// <summary>The encoder that reads customers' texts for the features; the caller disposes of it.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ITextEncoder OpenEncoder() => Manifest.Encoder is { } place ? _codecs.ReadEncoder(Files.Under(place))
        : throw new InvalidOperationException("The package holds no encoder: its models ask for no feature that one makes.");

    /// <summary>Scores customers.</summary>
    /// <param name="customers">Needs <see cref="Columns"/>, and records where a model reads them; other columns aren't looked at.</param>
    /// <param name="options">What is wanted beside the scores.</param>
    /// <exception cref="KeyNotFoundException">A column is missing.</exception>
    /// <exception cref="InvalidDataException">A value isn't finite, or a model can't take a row; the message names the customer.</exception>
    public PackageScores Score(FeatureTable customers, ScoreOptions? options = null)
    {
        foreach (var name in Columns)
        {
            var column = customers[name];
            for (var row = 0; row < column.Length; row++)
                if (!double.IsFinite(column[row]))
                    throw new InvalidDataException($"Customer '{customers.CustomerIds[row]}' on row {row}: '{name}' is {column[row].ToString(CultureInfo.InvariantCulture)}, and features are finite numbers. See {PackageManifest.Features} for the value that stands where nothing is known.");
        }
        var first = _value?.Predict(customers);
        var second = ReferenceEquals(_value, _churn) ? first : _churn?.Predict(customers);
        var scores = new PackageScores(first?.Spend, second?.Churn);
        Require(scores.Value, customers, "value", double.MaxValue);
        Require(scores.Churn, customers, "churn", 1);
        if (options is null) return scores;
        if (options.Interval && _value is IHasInterval sure && sure.Interval(customers, options.Level) is var (low, high)) scores = scores with { ValueLow = low, ValueHigh = high };
        if (options.Reasons > 0) scores = scores with { ValueReasons = (_value as IHasReasons)?.Reasons(customers, Answer.Spend), ChurnReasons = (_churn as IHasReasons)?.Reasons(customers, Answer.Churn) };
        return scores;
    }

    /// <summary>Whether a score depends on what customers wrote.</summary>
    public bool ReadsTexts => Features.Columns.Any(c => TextSets.All.Contains(c.Set));

    /// <summary>Which of their own texts moved customers' scores most: many times the cost of a score.</summary>
    /// <param name="customers">As for <see cref="Score"/>.</param>
    /// <param name="texts">What becomes of the columns when a text is left out.</param>
    /// <param name="strongest">How many texts to tell for each answer.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public TextReasons WhichTexts(FeatureTable customers, ITextColumns texts, int strongest, CancellationToken cancellation = default) =>
        TextReasons.Find(rows =>
        {
            var scores = Score(rows);
            return new(scores.Value, scores.Churn);
        }, customers.Select(Columns), texts, strongest, cancellation);

    /// <summary>The SHA-256 of what decides scores: models and columns. Packages of the same digest score the same.</summary>
    public static string Digest(PackageFiles files) => PackageManifest.Decisive(files);

    internal static IEnumerable<string> Needed(IFittedCandidate? value, IFittedCandidate? churn) =>
        (value?.Columns ?? []).Union(churn?.Columns ?? [], StringComparer.Ordinal);

    internal static IReadOnlyList<string> OutputsOf(IFittedCandidate? value, IFittedCandidate? churn) =>
    [
        .. value is null ? Array.Empty<string>() : [ModelSignature.Value],
        .. value is IHasInterval ? [ModelSignature.ValueLow, ModelSignature.ValueHigh] : Array.Empty<string>(),
        .. churn is null ? Array.Empty<string>() : [ModelSignature.Churn],
    ];

    private static void Require(double[]? answers, FeatureTable customers, string what, double most)
    {
        if (answers is null) return;
        for (var row = 0; row < answers.Length; row++)
            if (!(answers[row] >= 0 && answers[row] <= most))
                throw new InvalidDataException($"Customer '{customers.CustomerIds[row]}' on row {row}: the model's {what} is {answers[row].ToString(CultureInfo.InvariantCulture)}, which can't be. A column lies far outside of what the model has seen.");
    }

    private void AskItself()
    {
        var rows = SelfTest.Table(Features.Catalogue(), Manifest.Origin.TestCutoff);
        try
        {
            var scores = Score(rows);
            SelfTest.Require(scores.Value, scores.Churn, Places.Max(place => Math.Max(SelfTest.Accuracy, _codecs.Tolerance(Files.Under(place)))));
        }
        catch (Exception error) when (error is InvalidDataException or ArithmeticException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new PackageException($"The models can't score the rows of {PackageManifest.SelfTest}: {error.Message} {PackageException.Damaged}", error);
        }
    }

    private void AskEncoder()
    {
        if (Manifest.Encoder is not { } place)
        {
            if (Files.Has(PackageManifest.EncoderTest)) throw new PackageException($"There is {PackageManifest.EncoderTest}, and no encoder. {PackageException.Damaged}");
            return;
        }
        if (place != PackageManifest.EncoderPlace || Manifest.SchemaVersion < 2)
            throw new PackageException($"{PackageManifest.Path} names the encoder {PackageForm.Shown(place)} in a form of version {Manifest.SchemaVersion}; {PackageManifest.EncoderPlace} in version 2 or later is expected. {PackageException.Damaged}");
        var test = PackageJson.Read<EncoderTest>(Files, PackageManifest.EncoderTest);
        if (test.Model != PackageManifest.Decisive(Files)) throw new PackageException($"{PackageManifest.EncoderTest} was made for other models than the package holds. {PackageException.Damaged}");
        using var encoder = OpenEncoder();
        test.Require(encoder);
    }

    private static IFittedCandidate Model(PackageFiles files, PackagedAnswer answer, ModelCodecs codecs, SharedModels shared)
    {
        if (!answer.Model.StartsWith(PackageManifest.Models + "/", StringComparison.Ordinal)) throw new PackageException($"{PackageManifest.Path} looks for a model in {PackageForm.Shown(answer.Model)}, outside of {PackageManifest.Models}/. {PackageException.Damaged}");
        try
        {
            return codecs.Read(files.Under(answer.Model), shared);
        }
        catch (PackageException error)
        {
            throw new PackageException($"{PackageForm.Shown(answer.Model)}: {error.Message}", error);
        }
    }
}
