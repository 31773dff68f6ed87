using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;

namespace CustomerValue.Cli;

/// <summary>The columns that a package reads, built from a shop's records as its experiment built them: by the settings that it carries, and its own encoder.</summary>
/// <param name="package">The package.</param>
/// <param name="options">How to compute.</param>
internal sealed class RebuiltFeatures(ModelPackage package, FeatureOptions options)
{
    private readonly IReadOnlyDictionary<string, string> _settings = package.Features.Settings;
    private readonly FeatureQuery _query = FeatureQuery.Of(package.Features.Settings, package.Features.Catalogue()).With(options);

    /// <summary>Whether its rows are customers at the end of the day of their first order.</summary>
    public bool OfFirstOrders => _settings.GetValueOrDefault(PackageManifest.RowsSetting) == PackageManifest.FirstOrders;

    /// <summary>Whether this program builds columns by other statements than the one that made the package.</summary>
    public bool IsOtherwise => FeatureQuery.IsSame(_settings) == false;

    /// <summary>Refuses a package whose columns this program can't build.</summary>
    /// <exception cref="PackageException">It reads such a column.</exception>
    public void Require()
    {
        var built = _query.Catalogue.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        var left = package.Features.Columns.Where(c => !built.Contains(c.Name)).ToArray();
        if (!package.HasEncoder && left.FirstOrDefault(c => OfEncoder(c)) is { } read)
            throw new PackageException($"The package reads '{read.Name}', which an encoder makes of texts, and it carries none. Build the table with the encoder that it was trained with (customervalue features --encoder FOLDER --out FILE), and give it: --input FILE.");
        string[] sets = [.. FeatureQuery.KnownSets, .. package.HasEncoder ? new[] { TextSets.Meaning, TextSets.Vector } : []];
        if (left.FirstOrDefault(c => !package.HasEncoder || !OfEncoder(c)) is { } strange)
            throw new PackageException($"The package reads '{strange.Name}' of the feature set '{strange.Set}', which this program doesn't build. It builds: {string.Join(", ", sets)}. Give a table of features: --input.");
    }

    /// <summary>The customers of a warehouse; the package's encoder reads the texts that it hasn't read before.</summary>
    /// <param name="warehouse">Their records.</param>
    /// <param name="cutoff">Nothing dated on or after it is read.</param>
    /// <param name="from">First day of the first orders, where rows are customers at theirs.</param>
    /// <param name="reasons">How many texts to tell that moved each score; 0 for none.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The customers, and the texts that moved their scores; null where none are asked for, or no score depends on texts.</returns>
    /// <exception cref="PackageException">Texts were read in a way that this program doesn't know.</exception>
    public (FeatureTable Customers, TextReasons? Texts) At(Warehouse warehouse, DateOnly cutoff, DateOnly? from, int reasons, IProgress<StageProgress>? progress, CancellationToken cancellation) => Read(warehouse, progress, source =>
    {
        var customers = from is { } first ? source.AtFirstOrders(new(first, cutoff), cancellation) : source.At(cutoff, cancellation);
        // Texts are left out at one cutoff for all.
        return (customers, reasons > 0 && from is null ? Told(source, customers, reasons, cancellation) : null);
    });

    /// <summary>The texts that moved the scores of customers whose table was built already; null where no score depends on texts.</summary>
    /// <param name="warehouse">Their records.</param>
    /// <param name="customers">Some or all of the customers at a cutoff.</param>
    /// <param name="reasons">How many texts to tell for each answer.</param>
    /// <param name="cancellation">Stops it.</param>
    public TextReasons? WhichTexts(Warehouse warehouse, FeatureTable customers, int reasons, CancellationToken cancellation) => Read(warehouse, null, source => Told(source, customers, reasons, cancellation));

    private TextReasons? Told(IFeatureSource source, FeatureTable customers, int reasons, CancellationToken cancellation) =>
        package.ReadsTexts && source.Texts is { } columns ? package.WhichTexts(customers, columns, reasons, cancellation) : null;

    private T Read<T>(Warehouse warehouse, IProgress<StageProgress>? progress, Func<IFeatureSource, T> read)
    {
        if (!package.HasEncoder) return read(_query.Over(warehouse, progress));
        using var encoder = new PackagedEncoder(package);
        var texts = new TextFeatures(_query, encoder, new() { Vector = package.Features.Columns.Any(c => c.Set == TextSets.Vector) });
        if (_settings.GetValueOrDefault("text.options") is { } told && told != texts.Settings["text.options"])
            throw new PackageException($"The package's features of texts were made with {told}, and this program makes {texts.Settings["text.options"]}. Score with the program that made it, or train anew.");
        return read(texts.Over(warehouse, progress));
    }

    private static bool OfEncoder(PackagedColumn column) => column.Set is TextSets.Meaning or TextSets.Vector;
}
