using CustomerValue.Ingestion;

namespace CustomerValue.Features;

/// <summary>Loads a shop's records and builds features from them; holds only what was asked for, no data.</summary>
public interface IFeatureBuilder
{
    /// <summary>All that decides a feature's value besides the records and the cutoff, as name and value.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Loads what isn't loaded yet, and opens the records.</summary>
    /// <param name="data">The shop.</param>
    /// <param name="pseudonyms">How customer ids are replaced on the way in.</param>
    /// <param name="folder">Where the records are kept; made when absent.</param>
    /// <param name="threads">Threads to use; no result depends on it.</param>
    /// <param name="progress">Told how far the load and later queries have come.</param>
    /// <param name="cancellation">Stops the load; what was there before stays.</param>
    IFeatureStore Open(Dataset data, Pseudonyms pseudonyms, string folder, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation);
}

/// <summary>Loaded records that features are built from.</summary>
public interface IFeatureStore : IFeatureSource
{
    /// <summary>What the load read, kept and rejected.</summary>
    IngestReport Report { get; }

    /// <summary>Tells the loaded records apart from any others; the same records give the same fingerprint anywhere.</summary>
    string Fingerprint { get; }

    /// <summary>The customers' own records, for candidates that read them; null where the store gives features only.</summary>
    ICustomerRecords? Records => null;
}
