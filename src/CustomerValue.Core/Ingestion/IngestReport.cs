namespace CustomerValue.Ingestion;

/// <summary>What a load did: every row read is kept, already there, or rejected for a stated reason.</summary>
public sealed record IngestReport
{
    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Content fingerprint of the data set: files and mapping.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Name of the load; the same input under the same key has the same.</summary>
    public required string LoadId { get; init; }

    /// <summary>The warehouse's folder.</summary>
    public required string Warehouse { get; init; }

    /// <summary>Content fingerprint of the warehouse after the load.</summary>
    public required string WarehouseFingerprint { get; init; }

    /// <summary>Whether this very input was in the warehouse already, so that nothing was read or changed; the counts are those of the first load.</summary>
    public bool WasLoadedBefore { get; init; }

    /// <summary>Rows read.</summary>
    public long Read => Files.Sum(f => f.Read);

    /// <summary>Rows that went into the warehouse.</summary>
    public long Kept => Tables.Sum(t => t.Rows);

    /// <summary>Good rows that the warehouse already had, from another file or an earlier load.</summary>
    public long AlreadyLoaded => Tables.Sum(t => t.AlreadyLoaded);

    /// <summary>Rows rejected.</summary>
    public long Rejected => Files.Sum(f => f.Rejected);

    /// <summary>The files, in reading order.</summary>
    public required IReadOnlyList<FileReport> Files { get; init; }

    /// <summary>Rejected rows by reason, most first, over all files.</summary>
    public required IReadOnlyList<RejectCount> RejectedByReason { get; init; }

    /// <summary>What went into each table.</summary>
    public required IReadOnlyList<TableReport> Tables { get; init; }

    /// <summary>Customers with a record of any kind in this load.</summary>
    public required long Customers { get; init; }

    /// <summary>Money in orders and returns of this load, one entry a currency: amounts of different currencies are never added.</summary>
    public required IReadOnlyList<MoneyReport> Money { get; init; }

    /// <summary>Where the pseudonym key came from, in words.</summary>
    public required string PseudonymKey { get; init; }

    /// <summary>The file that holds the rejected rows; null when none was rejected.</summary>
    public string? RejectFile { get; init; }

    /// <summary>How long the load took, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>What one file gave.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its rows are.</param>
/// <param name="Sha256">SHA-256 of the file as it lies on disk.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="Read">Rows read, the header not counted.</param>
/// <param name="Kept">Rows that became records.</param>
/// <param name="Rejected">Rows that didn't.</param>
/// <param name="RejectedByReason">Rejected rows by reason, most first.</param>
public sealed record FileReport(string Name, RecordKind Kind, string Sha256, long Bytes, long Read, long Kept, long Rejected, IReadOnlyList<RejectCount> RejectedByReason);

/// <summary>How many rows were rejected for one reason.</summary>
/// <param name="Reason">The reason, in fixed words.</param>
/// <param name="Rows">Rows rejected for it; each row counts for its first reason only.</param>
/// <param name="Also">Rows that an earlier reason had rejected and that this one fits too.</param>
/// <param name="Examples">The first few.</param>
public sealed record RejectCount(string Reason, long Rows, long Also, IReadOnlyList<RejectExample> Examples);

/// <summary>A rejected row, to look at.</summary>
/// <param name="Source">Name of its file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Detail">What was found; may be empty.</param>
/// <param name="Row">The row as it was, cut where it is long.</param>
public sealed record RejectExample(string Source, long Line, string Detail, string Row);

/// <summary>What went into one table.</summary>
/// <param name="Kind">The table.</param>
/// <param name="Rows">Rows added.</param>
/// <param name="AlreadyLoaded">Rows that the warehouse already had.</param>
/// <param name="Customers">Customers among the rows added.</param>
/// <param name="First">Earliest time among them; null when there are none.</param>
/// <param name="Last">Latest time among them; null when there are none.</param>
public sealed record TableReport(RecordKind Kind, long Rows, long AlreadyLoaded, long Customers, DateTime? First, DateTime? Last);

/// <summary>Money of one currency.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Orders">Orders, returns not counted.</param>
/// <param name="OrderAmount">Their sum.</param>
/// <param name="Returns">Refunds and cancellations.</param>
/// <param name="ReturnAmount">Their sum, negative.</param>
public sealed record MoneyReport(string Currency, long Orders, decimal OrderAmount, long Returns, decimal ReturnAmount);
