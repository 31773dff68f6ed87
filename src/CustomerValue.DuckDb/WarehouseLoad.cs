using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>One load: reads on one thread, stages on another, writes partition by partition, and only then makes the new files exist.</summary>
internal sealed class WarehouseLoad
{
    private const string Temporary = ".partial";
    private readonly Warehouse _warehouse;
    private readonly WarehouseOptions _options;
    private readonly WarehouseManifest _manifest;
    private readonly Dataset _dataset;
    private readonly Pseudonyms _pseudonyms;
    private readonly IProgress<StageProgress>? _progress;
    private readonly CancellationToken _cancellation;

    public WarehouseLoad(
        Warehouse warehouse, WarehouseOptions options, WarehouseManifest manifest, Dataset dataset, Pseudonyms pseudonyms, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        (_warehouse, _options, _manifest, _dataset, _pseudonyms, _progress, _cancellation) = (warehouse, options, manifest, dataset, pseudonyms, progress, cancellation);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{dataset.Name}\n{dataset.Fingerprint}\n{pseudonyms.Fingerprint}")))[..16];
    }

    /// <summary>The load's name: the same input under the same key has the same.</summary>
    public string Id { get; }

    private string Scratch => Path.Combine(_warehouse.Folder, "staging");

    /// <summary>Removes what a killed load left behind. Only whoever holds the lock may do so.</summary>
    public void Clean()
    {
        if (Directory.Exists(Scratch)) Directory.Delete(Scratch, recursive: true);
        var listed = _manifest.Files.Select(f => Path.GetFullPath(Path.Combine(_warehouse.Folder, f.Path))).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            var folder = Path.Combine(_warehouse.Folder, WarehouseTable.Of(kind).Name);
            if (!Directory.Exists(folder)) continue;
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                if (!listed.Contains(Path.GetFullPath(path))) File.Delete(path);
        }
    }

    /// <summary>Reads, stages and writes. The files lie in place afterwards, but nothing knows them until <see cref="Commit"/>.</summary>
    public (IngestReport Report, IReadOnlyList<WarehouseFile> Files) Run(string? rejects)
    {
        var clock = Stopwatch.StartNew();
        var rejectFile = rejects ?? Path.Combine(_warehouse.Folder, "rejects", $"{Id}.jsonl.gz");
        Directory.CreateDirectory(Scratch);
        try
        {
            var log = new ReadLog(rejectFile);
            using var staging = new WarehouseStaging(_manifest.Partitions, _options, Scratch);
            using (log) Stage(staging, log);
            var written = Write(staging);
            if (log.Rejected.Sum(r => r.Rows) == 0) File.Delete(rejectFile);
            var report = new IngestReport
            {
                Dataset = _dataset.Name,
                DataFingerprint = _dataset.Fingerprint,
                LoadId = Id,
                Warehouse = _warehouse.Folder,
                WarehouseFingerprint = "",
                Files = log.Files,
                RejectedByReason = log.Rejected,
                Tables = [.. written.SelectMany(p => p.Tables).GroupBy(t => t.Kind).OrderBy(g => g.Key).Select(g => Summary(g.Key, [.. g]))],
                Customers = written.Sum(p => p.Customers),
                Money = [.. written.SelectMany(p => p.Money).GroupBy(m => m.Currency, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
                    new MoneyReport(g.Key, g.Sum(m => m.Orders), g.Sum(m => m.OrderAmount), g.Sum(m => m.Returns), g.Sum(m => m.ReturnAmount)))],
                PseudonymKey = _pseudonyms.Source,
                RejectFile = File.Exists(rejectFile) ? rejectFile : null,
                Seconds = Math.Round(clock.Elapsed.TotalSeconds, 3),
            };
            return (report, [.. written.SelectMany(p => p.Files)]);
        }
        finally
        {
            Directory.Delete(Scratch, recursive: true);
        }
    }

    /// <summary>Makes the load exist.</summary>
    public void Commit(IngestReport report, IReadOnlyList<WarehouseFile> files)
    {
        _cancellation.ThrowIfCancellationRequested();
        WarehouseManifest.Commit(_warehouse.Folder, report, _pseudonyms.Fingerprint, files);
    }

    private void Stage(WarehouseStaging staging, ReadLog log)
    {
        using var batches = new BlockingCollection<RecordBatch>(boundedCapacity: 16);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        var reading = Task.Run(() =>
        {
            try
            {
                foreach (var batch in _dataset.Read(_pseudonyms, log, _progress, stop.Token)) batches.Add(batch, stop.Token);
            }
            finally
            {
                batches.CompleteAdding();
            }
        }, CancellationToken.None);
        try
        {
            foreach (var batch in batches.GetConsumingEnumerable(_cancellation)) staging.Add(batch);
            reading.GetAwaiter().GetResult();
        }
        catch
        {
            stop.Cancel();
            try
            {
                reading.GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // the reader was told to stop; what went wrong first is thrown on
            }
            throw;
        }
        staging.Complete();
    }

    private List<PartitionReport> Write(WarehouseStaging staging)
    {
        var reports = new PartitionReport[_manifest.Partitions];
        var done = 0;
        _progress?.Report(new("writing", done, reports.Length, "partitions"));
        AtOnce.For(reports.Length, _options.Threads, partition =>
        {
            using var connection = staging.Connect();
            reports[partition] = WritePartition(staging, connection, partition);
            _progress?.Report(new("writing", Interlocked.Increment(ref done), reports.Length, "partitions"));
        }, _cancellation);
        return [.. reports];
    }

    private PartitionReport WritePartition(WarehouseStaging staging, DuckDBConnection connection, int partition)
    {
        var files = new List<WarehouseFile>();
        var tables = new List<TableReport>();
        var money = new List<MoneyReport>();
        foreach (var kind in Enum.GetValues<RecordKind>().Where(k => staging.Has(k, partition)))
        {
            var table = WarehouseTable.Of(kind);
            var relative = string.Create(CultureInfo.InvariantCulture, $"{table.Name}/part-{partition:000}/{Id}.parquet");
            var path = Path.Combine(_warehouse.Folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            connection.Run($"COPY ({NewRows(kind, partition)}) TO {Query.Literal(path + Temporary)} (FORMAT parquet)");

            var written = $"read_parquet({Query.Literal(path + Temporary)})";
            var staged = connection.Rows($"SELECT count(*) FROM {WarehouseStaging.Table(kind, partition)}", r => r.GetInt64(0))[0];
            var (rows, customers, first, last, sum, xor) = connection.Rows(
                $"SELECT count(*), count(DISTINCT customer_id), min({table.Time}), max({table.Time}), coalesce(sum(row_hash::HUGEINT), 0)::VARCHAR, coalesce(bit_xor(row_hash), 0) FROM {written}",
                r => (r.GetInt64(0), r.GetInt64(1), Time(r, 2), Time(r, 3), r.GetString(4), r.GetFieldValue<ulong>(5)))[0];
            tables.Add(new(kind, rows, staged - rows, customers, first, last));
            if (rows == 0)
            {
                File.Delete(path + Temporary);
                continue;
            }
            if (kind == RecordKind.Purchases) money.AddRange(Money(connection, written));
            using (var file = File.OpenHandle(path + Temporary, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file);
            File.Move(path + Temporary, path, overwrite: true);
            files.Add(new(kind, partition, relative, rows, Id, sum, xor));
        }
        var all = string.Join(", ", files.Select(f => Query.Literal(Path.Combine(_warehouse.Folder, f.Path))));
        var distinct = files.Count < 2 ? tables.Sum(t => t.Customers)
            : connection.Rows($"SELECT count(DISTINCT customer_id) FROM read_parquet([{all}], union_by_name = true)", r => r.GetInt64(0))[0];
        return new(files, tables, money, distinct);
    }

    /// <summary>The rows of a kind and partition that the warehouse doesn't have yet, in their order in the file.</summary>
    /// <remarks>A row is known by all its fields and by its number among the equal rows of its file: a line that stands twice in a file is two lines,
    /// but the same line in two overlapping files, or in two loads, is one. Few rows have an equal, so only those are numbered by windows.</remarks>
    private string NewRows(RecordKind kind, int partition)
    {
        var table = WarehouseTable.Of(kind);
        var staged = WarehouseStaging.Table(kind, partition);
        var known = _warehouse.Files(kind, partition);
        var unknown = known.Count == 0 ? ""
            : $"ANTI JOIN read_parquet([{string.Join(", ", known.Select(Query.Literal))}]) USING (customer_id, row_hash, occurrence)";
        return $"""
            WITH repeated AS (SELECT row_hash FROM {staged} GROUP BY row_hash HAVING count(*) > 1),
            numbered AS (SELECT *, rowid AS place, (row_number() OVER (PARTITION BY row_hash, file ORDER BY rowid))::INTEGER AS occurrence
                         FROM {staged} WHERE row_hash IN (FROM repeated)),
            single AS (SELECT *, rowid AS place, 1::INTEGER AS occurrence FROM {staged} WHERE row_hash NOT IN (FROM repeated)
                       UNION ALL
                       SELECT * FROM numbered QUALIFY row_number() OVER (PARTITION BY row_hash, occurrence ORDER BY file) = 1)
            SELECT {table.ColumnNames}, row_hash, occurrence FROM single {unknown} ORDER BY customer_id, {table.Time}, {table.Order}, place
            """;
    }

    private static List<MoneyReport> Money(DuckDBConnection connection, string purchases) => connection.Rows(
        $"""
        SELECT currency,
               count(DISTINCT order_id) FILTER (NOT is_return), coalesce(sum(amount) FILTER (NOT is_return), 0)::VARCHAR,
               count(DISTINCT order_id) FILTER (is_return), coalesce(sum(amount) FILTER (is_return), 0)::VARCHAR
        FROM {purchases} GROUP BY currency
        """,
        r => new MoneyReport(r.GetString(0), r.GetInt64(1), Amount(r.GetString(2)), r.GetInt64(3), Amount(r.GetString(4))));

    private static TableReport Summary(RecordKind kind, IReadOnlyList<TableReport> parts) =>
        new(kind, parts.Sum(p => p.Rows), parts.Sum(p => p.AlreadyLoaded), parts.Sum(p => p.Customers), parts.Min(p => p.First), parts.Max(p => p.Last));

    private static decimal Amount(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static DateTime? Time(DuckDBDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);

    private sealed record PartitionReport(IReadOnlyList<WarehouseFile> Files, IReadOnlyList<TableReport> Tables, IReadOnlyList<MoneyReport> Money, long Customers);
}
