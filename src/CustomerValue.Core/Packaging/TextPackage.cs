using System.Globalization;
using CustomerValue.Models.Text;

namespace CustomerValue.Packaging;

/// <summary>The winner of an experiment on texts that has left it: a model with all that is needed to use, judge and trust it, in one folder or one archive.</summary>
/// <remarks>An opened package has been checked whole: its files are those of its manifest, byte for byte, its model was read, and it answers the self-test's texts as it did when it
/// was made. Immutable, and safe to ask from many threads; disposing frees what native libraries hold.</remarks>
public sealed class TextPackage : IDisposable
{
    private const double SumsTo1 = 1e-3;
    private static readonly string s_model = $"{PackageManifest.Models}/label";

    private readonly IFittedTextCandidate _model;

    private TextPackage(PackageFiles files, TextManifest manifest, PackagedLabels labels, TextMetrics metrics, TextSelfTest test, IFittedTextCandidate model) =>
        (Files, Manifest, Reads, Labels, Metrics, SelfTest, _model) = (files, manifest, labels.Reads, labels.Labels, metrics, test, model);

    /// <summary>The files.</summary>
    public PackageFiles Files { get; }

    /// <summary>What it holds and where it comes from.</summary>
    public TextManifest Manifest { get; }

    /// <summary>How a text goes in, in words.</summary>
    public string Reads { get; }

    /// <summary>What a text may be told to be, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>How good it is.</summary>
    public TextMetrics Metrics { get; }

    /// <summary>The texts asked at every load.</summary>
    public TextSelfTest SelfTest { get; }

    /// <summary>The kinds of model that it is made of, with how many there are of each.</summary>
    public IReadOnlyDictionary<string, int> Kinds => ModelCodecs.Kinds(Files.Under(s_model));

    /// <summary>What it is made of, in words: n-grams, encoders with their tokenizers, and how they are blended.</summary>
    public IReadOnlyList<string> Parts => (_model as IHasParts)?.Parts ?? [];

    /// <summary>Whether the files are a package that tells texts apart, and not customers.</summary>
    /// <exception cref="PackageException">They are no package.</exception>
    public static bool Holds(PackageFiles files) => PackageForm.IsOfTexts(files);

    /// <summary>Opens a package: checks every file against the manifest, reads the model, and asks the self-test.</summary>
    /// <param name="path">A folder, or a zip archive.</param>
    /// <param name="codecs">The kinds of model that the program knows.</param>
    /// <exception cref="PackageException">It can't be trusted or isn't for this program.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at that path.</exception>
    public static TextPackage Open(string path, ModelCodecs codecs) => Open(PackageFiles.Open(path), codecs);

    /// <summary>Opens a package that is in memory.</summary>
    /// <inheritdoc cref="Open(string, ModelCodecs)"/>
    public static TextPackage Open(PackageFiles files, ModelCodecs codecs)
    {
        var manifest = PackageForm.Manifest<TextManifest>(files, TextManifest.CurrentSchema, texts: true);
        PackageForm.RequireListed(files, manifest.Files);
        if (manifest.Answers != TextManifest.Texts) throw new PackageException($"{PackageManifest.Path} says that the package answers '{PackageForm.Shown(manifest.Answers)}', where '{TextManifest.Texts}' is expected. {PackageException.Damaged}");
        if (manifest.Label.Model != s_model) throw new PackageException($"{PackageManifest.Path} looks for the model in {PackageForm.Shown(manifest.Label.Model)}; {s_model} is expected. {PackageException.Damaged}");
        MlModelFile.Require(files.Text(PackageManifest.MlModel), manifest.SchemaVersion);
        foreach (var text in (ReadOnlySpan<string>)[PackageManifest.Card, PackageManifest.Licences]) _ = files.Text(text);

        var labels = PackageJson.Read<PackagedLabels>(files, PackageManifest.Labels);
        if (labels.Labels.Count < 2 || labels.Labels.Distinct(StringComparer.Ordinal).Count() < labels.Labels.Count)
            throw new PackageException($"{PackageManifest.Labels} has {labels.Labels.Count} labels; two or more that differ are expected. {PackageException.Damaged}");
        var metrics = PackageJson.Read<TextMetrics>(files, PackageManifest.Metrics);
        var test = PackageJson.Read<TextSelfTest>(files, PackageManifest.SelfTest);
        if (test.Texts.Count != TextSelfTest.Count) throw new PackageException($"{PackageManifest.SelfTest} has {test.Texts.Count} texts; {TextSelfTest.Count} are expected. {PackageException.Damaged}");
        if (test.Model != PackageManifest.Decisive(files)) throw new PackageException($"{PackageManifest.SelfTest} was made for another model or other labels than the package holds. {PackageException.Damaged}");
        if (files.Paths.FirstOrDefault(p => p.StartsWith(PackageManifest.Models + "/", StringComparison.Ordinal) && !p.StartsWith(s_model + "/", StringComparison.Ordinal)) is { } stray)
            throw new PackageException($"No answer of the manifest needs {stray}. {PackageException.Damaged}");

        var model = Model(files, codecs);
        try
        {
            var package = new TextPackage(files, manifest, labels, metrics, test, model);
            package.AskItself();
            return package;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Tells texts apart.</summary>
    /// <param name="texts">The texts, as they were written.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>[texts][labels]: probabilities, each row summing to 1.</returns>
    /// <exception cref="InvalidDataException">The model can't answer a text; the message says which.</exception>
    public double[][] Classify(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        if (texts.Count == 0) return [];
        var probabilities = _model.Probabilities(texts, cancellation);
        for (var row = 0; row < texts.Count; row++)
            if (probabilities[row].Length != Labels.Count || !probabilities[row].All(p => p is >= 0 and <= 1 + SumsTo1) || !(Math.Abs(probabilities[row].Sum() - 1) <= SumsTo1))
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"Text {row + 1}: the model answers {string.Join(' ', probabilities[row].Take(5))}, where {Labels.Count} probabilities that sum to 1 are expected. The package holds a model that can't be used."));
        return probabilities;
    }

    /// <summary>The label with the highest probability; of equals the first.</summary>
    public string Likeliest(double[] probabilities) => Labels[ClassLoss.Likeliest(probabilities)];

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    // How far a model's answers may be off from one machine to another.
    internal static double Tolerance(IFittedTextCandidate model) => Math.Max(TextSelfTest.Accuracy, (model as IRoundsByMachine)?.Tolerance ?? 0);

    private void AskItself()
    {
        double[][] found;
        try
        {
            found = Classify([.. SelfTest.Texts.Select(t => t.Text)]);
        }
        catch (Exception error) when (error is InvalidDataException or ArithmeticException or ArgumentException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new PackageException($"The model can't answer the texts of {PackageManifest.SelfTest}: {error.Message} {PackageException.Damaged}", error);
        }
        SelfTest.Require(found, Labels.Count, Tolerance(_model));
    }

    private static IFittedTextCandidate Model(PackageFiles files, ModelCodecs codecs)
    {
        try
        {
            return codecs.ReadText(files.Under(s_model));
        }
        catch (PackageException error)
        {
            throw new PackageException($"{s_model}: {error.Message}", error);
        }
    }
}
