namespace CustomerValue.DuckDb;

/// <summary>How features are computed. No option changes a value: any memory, thread count or unit size gives the same bits.</summary>
public sealed record FeatureOptions
{
    /// <summary>Memory for each unit at work before it spills to disk, in MB; <see cref="Threads"/> of them share their sum.</summary>
    public int MemoryLimitMb { get; init => field = Check.Within(value, 64, 1 << 20); } = 1024;

    /// <summary>Units (groups of partitions) built at the same time, one thread each.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 256); } = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Neighbouring partitions are built together until they hold this many records: small shops take one query, large ones one a partition.</summary>
    public long RecordsPerUnit { get; init => field = value > 0 ? value
        : throw new ArgumentOutOfRangeException(nameof(RecordsPerUnit), value, "RecordsPerUnit must be above 0."); } = 400_000;

    /// <summary>The currency whose records are read (ISO 4217); null: the only one there is. A shop with several must say which.</summary>
    public string? Currency { get; init; }

    /// <summary>Folder where finished units are kept, for resuming and for the next time; null: the folder <c>features</c> inside the warehouse.</summary>
    public string? Cache { get; init; }
}
