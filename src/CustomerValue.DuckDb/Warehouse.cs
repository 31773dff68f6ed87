using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>A shop's records in a folder: Parquet files partitioned by a hash of the customer, and warehouse.duckdb, which lists the files that exist.</summary>
/// <remarks>What an object shows is the state when it was opened, or after its own last <see cref="Load"/>; it holds nothing open. Files are never changed, so that any number
/// of processes may read while one loads. A Parquet file that isn't listed doesn't exist: it is what a killed load left, and goes at the next one.</remarks>
public sealed class Warehouse
{
    private readonly WarehouseOptions _options;
    private WarehouseManifest _manifest;

    private Warehouse(string folder, WarehouseOptions options) => (Folder, _options, _manifest) = (folder, options, WarehouseManifest.Read(folder));

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>Number of partitions; a customer's records of every kind lie in one of them.</summary>
    public int Partitions => _manifest.Partitions;

    /// <summary>The kinds of records that it holds.</summary>
    public IReadOnlyList<RecordKind> Tables => [.. _manifest.Files.Select(f => f.Table).Distinct().Order()];

    /// <summary>All files.</summary>
    public IReadOnlyList<WarehouseFile> AllFiles => _manifest.Files;

    /// <summary>SHA-256 over the records that it holds, in lower-case hex: the same for the same records, wherever, whenever and in however many loads they came in.</summary>
    public string Fingerprint
    {
        get
        {
            var text = new StringBuilder();
            foreach (var table in _manifest.Files.GroupBy(f => f.Table).OrderBy(t => t.Key))
            {
                var sum = table.Aggregate(BigInteger.Zero, (total, f) => total + BigInteger.Parse(f.HashSum, CultureInfo.InvariantCulture));
                var xor = table.Aggregate(0ul, (total, f) => total ^ f.HashXor);
                text.Append(CultureInfo.InvariantCulture, $"{WarehouseTable.Of(table.Key).Name} {table.Sum(f => f.Rows)} {sum} {xor}\n");
            }
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    /// <summary>Opens a warehouse.</summary>
    /// <exception cref="WarehouseException">The folder holds none, or one that this version can't read.</exception>
    public static Warehouse Open(string folder, WarehouseOptions? options = null) => new(folder, options ?? new());

    /// <summary>Opens a warehouse, making an empty one first where the folder holds none.</summary>
    public static Warehouse OpenOrCreate(string folder, WarehouseOptions? options = null)
    {
        options ??= new();
        if (File.Exists(Path.Combine(folder, WarehouseManifest.FileName))) return Open(folder, options);
        Directory.CreateDirectory(folder);
        using (WarehouseLock.Take(folder))
            if (!File.Exists(Path.Combine(folder, WarehouseManifest.FileName))) WarehouseManifest.Create(folder, options.Partitions);
        return Open(folder, options);
    }

    /// <summary>Full paths of the Parquet files of one table and partition; empty when there are none.</summary>
    public IReadOnlyList<string> Files(RecordKind table, int partition) =>
        [.. _manifest.Files.Where(f => f.Table == table && f.Partition == partition).Select(f => Path.Combine(Folder, f.Path))];

    /// <summary>Rows of one table.</summary>
    public long Rows(RecordKind table) => _manifest.Files.Where(f => f.Table == table).Sum(f => f.Rows);

    /// <summary>The records by SQL: a DuckDB of its own in memory, in which purchases, browsing_events, reviews, dialogue_turns and campaign_contacts are views of the files as they are now.
    /// The caller disposes of it.</summary>
    public DbConnection Connect()
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var views = connection.CreateCommand();
        views.CommandText = SourceTable.Views(this, [.. Enumerable.Range(0, Partitions)], currency: null);
        views.ExecuteNonQuery();
        return connection;
    }

    /// <summary>All purchases, by time, then customer, then order.</summary>
    /// <param name="before">First day that is left out; null for all.</param>
    public IReadOnlyList<Purchase> Purchases(DateOnly? before = null) => All(RecordKind.Purchases, before, WarehouseRow.Purchase);

    /// <summary>All reviews, by time, then customer, then product.</summary>
    /// <inheritdoc cref="Purchases"/>
    public IReadOnlyList<Review> Reviews(DateOnly? before = null) => All(RecordKind.Reviews, before, WarehouseRow.Review);

    /// <summary>All turns of chats, by time, then customer, then place in the chat.</summary>
    /// <inheritdoc cref="Purchases"/>
    public IReadOnlyList<DialogueTurn> DialogueTurns(DateOnly? before = null) => All(RecordKind.DialogueTurns, before, WarehouseRow.Turn);

    // Ordered by every column in the end: rows that differ come in the same order each time.
    private List<T> All<T>(RecordKind kind, DateOnly? before, Func<DuckDBDataReader, T> read)
    {
        using var connection = Connect();
        using var command = (DuckDBCommand)connection.CreateCommand();
        var table = WarehouseTable.Of(kind);
        command.CommandText = $"SELECT {table.ColumnNames} FROM {table.Name} WHERE {table.Time} < $before ORDER BY {table.Time}, customer_id, {table.Order}, {table.ColumnNames}";
        command.Parameters.Add(new DuckDBParameter("before", before ?? DateOnly.MaxValue));
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>The partition of a customer, the same in every table, load and version.</summary>
    public static int PartitionOf(string customerId, int partitions) => (int)(StableHash.Of(customerId) % (ulong)partitions);

    /// <summary>Loads a data set: all of it, or, when anything goes wrong or the process is killed, nothing.</summary>
    /// <param name="dataset">What to load.</param>
    /// <param name="pseudonyms">Replaces customer ids; the key must be that of the earlier loads.</param>
    /// <param name="rejects">File for rejected rows (JSON lines, packed when it ends in .gz); null for rejects/&lt;load&gt;.jsonl.gz inside the warehouse.</param>
    /// <param name="progress">Told how far the load has come.</param>
    /// <param name="cancellation">Stops the load, which then has changed nothing.</param>
    /// <returns>What happened. The same data set loaded again is told from the first time: nothing is read or changed.</returns>
    /// <exception cref="TableRefusedException">A file isn't the table it should be.</exception>
    /// <exception cref="WarehouseException">Another load is running, or the key is another than before.</exception>
    public IngestReport Load(Dataset dataset, Pseudonyms pseudonyms, string? rejects = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var held = WarehouseLock.Take(Folder);
        _manifest = WarehouseManifest.Read(Folder);
        if (_manifest.Pseudonyms is { } before && before != pseudonyms.Fingerprint)
            throw new WarehouseException($"{Folder} was loaded with other pseudonyms (fingerprint {before}) than those given now ({pseudonyms.Source}, fingerprint {pseudonyms.Fingerprint}). " +
                "One customer would be two. Give the key of the first load, or load into a new warehouse.");
        var load = new WarehouseLoad(this, _options, _manifest, dataset, pseudonyms, progress, cancellation);
        if (WarehouseManifest.ReportOf(Folder, load.Id) is { } done) return done with { WasLoadedBefore = true };
        load.Clean();
        var (report, files) = load.Run(rejects);
        _manifest = _manifest with { Pseudonyms = pseudonyms.Fingerprint, Files = [.. _manifest.Files, .. files] };
        report = report with { WarehouseFingerprint = Fingerprint };
        load.Commit(report, files);
        _manifest = WarehouseManifest.Read(Folder);
        return report;
    }
}
