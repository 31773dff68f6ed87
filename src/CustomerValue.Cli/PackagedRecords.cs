using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Packaging;

namespace CustomerValue.Cli;

/// <summary>A shop's raw records, as the customers that a package scores.</summary>
internal static class PackagedRecords
{
    /// <summary>Builds the features that a package reads; its encoder reads the texts that it hasn't read before.</summary>
    /// <param name="package">The package; its features are among those that this program builds.</param>
    /// <param name="warehouse">The records.</param>
    /// <param name="cutoff">Nothing dated on or after it is read.</param>
    /// <param name="reasons">How many texts to tell that moved each score; 0 for none.</param>
    /// <param name="options">How to compute.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The customers, and the texts that moved their scores; null where none are asked for, or no score depends on texts.</returns>
    /// <exception cref="PackageException">The package's features of texts were made otherwise.</exception>
    public static (FeatureTable Customers, TextReasons? Texts) At(ModelPackage package, Warehouse warehouse, DateOnly cutoff, int reasons, FeatureOptions options, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var query = new FeatureQuery([.. FeatureQuery.KnownSets.Where(set => package.Features.Columns.Any(c => c.Set == set))]) { Options = options };
        if (!package.HasEncoder) return Told(query.Over(warehouse, progress));
        using var encoder = new PackagedEncoder(package);
        var texts = new TextFeatures(query, encoder);
        if (package.Features.Settings.GetValueOrDefault("text.options") is { } made && made != texts.Settings["text.options"])
            throw new PackageException($"The package's features of texts were made with {made}, and this program makes {texts.Settings["text.options"]}. Score with the program that made it, or train anew.");
        return Told(texts.Over(warehouse, progress));

        (FeatureTable, TextReasons?) Told(IFeatureSource source)
        {
            var customers = source.At(cutoff, cancellation);
            return (customers, reasons > 0 && package.ReadsTexts && source.Texts is { } columns ? package.WhichTexts(customers, columns, reasons, cancellation) : null);
        }
    }
}
