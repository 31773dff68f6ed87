using CustomerValue.DuckDb;
using CustomerValue.Ingestion;

namespace CustomerValue.Cli;

/// <summary>The warehouse that a shop's raw records are loaded into to be scored; a temporary one goes when disposed.</summary>
/// <param name="folder">Its folder; null for a temporary one.</param>
internal sealed class LoadedRecords(string? folder) : IDisposable
{
    private string? _temporary;

    /// <summary>Whether nothing is kept.</summary>
    public bool IsTemporary => folder is null;

    /// <summary>Loads what isn't loaded yet.</summary>
    public (Warehouse Warehouse, IngestReport Report) Load(Dataset data, Func<string, Pseudonyms> pseudonyms, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var place = folder ?? Path.Combine(_temporary ??= Directory.CreateTempSubdirectory("customervalue-score-").FullName, "warehouse");
        var warehouse = Warehouse.OpenOrCreate(place, new() { Threads = threads });
        return (warehouse, warehouse.Load(data, pseudonyms(warehouse.Folder), progress: progress, cancellation: cancellation));
    }

    public void Dispose()
    {
        if (_temporary is not null) Directory.Delete(_temporary, recursive: true);
    }
}
