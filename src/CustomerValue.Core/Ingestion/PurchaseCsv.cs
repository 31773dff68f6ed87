using System.Globalization;

namespace CustomerValue.Ingestion;

/// <summary>One file of purchases whose columns carry the field names of <see cref="Purchase"/> in snake_case: the short way from a clean file to a model.
/// For other column names, several files or rows that need sorting out, see <see cref="Dataset"/>.</summary>
public static class PurchaseCsv
{
    /// <summary>Reads all purchases of a file (.csv or .tsv, also packed), in file order; customer ids stay as they are.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableRefusedException">The file lacks a column.</exception>
    /// <exception cref="InvalidDataException">A row is no purchase.</exception>
    public static IReadOnlyList<Purchase> Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.");
        using var log = new ReadLog();
        var purchases = Dataset.OfPurchases(path).Purchases(Pseudonyms.Published, log).ToList();
        if (log.Rejected.FirstOrDefault() is { Examples: [var first, ..] } reason)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{path}, line {first.Line}: {reason.Reason} ({first.Detail}). Rows with this reason: {reason.Rows}. Correct the file, or load it with: customervalue ingest, which sets bad rows aside."));
        return purchases;
    }
}
