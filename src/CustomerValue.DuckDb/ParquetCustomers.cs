using System.Collections.Concurrent;
using CustomerValue.Packaging.Scoring;

namespace CustomerValue.DuckDb;

/// <summary>Customers' features as Parquet, of whatever row groups and number types, read as a stream by DuckDB. Columns that aren't needed aren't read.</summary>
public sealed class ParquetCustomers : ICustomerSource
{
    private const int WaitingBlocks = 4, MemoryMb = 512;

    private readonly BlockingCollection<ColumnBlock> _blocks = new(WaitingBlocks);
    private readonly CancellationTokenSource _stop = new();
    private readonly Session _session;
    private readonly Task _reading;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="idColumn">Name of the column of customer ids.</param>
    /// <param name="needed">Names of the columns that the package needs.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file, or lacks a column.</exception>
    public ParquetCustomers(string path, string idColumn, IReadOnlyList<string> needed)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        _session = new Session(MemoryMb, Path.GetTempPath(), _stop.Token);
        var file = $"read_parquet({Query.Literal(Path.GetFullPath(path))})";
        try
        {
            string[] found = [.. _session.Rows($"SELECT column_name FROM (DESCRIBE FROM {file})", r => r.GetString(0))];
            ScoreFormats.RequireColumns(path, found, [idColumn, .. needed]);
            Total = _session.Rows($"SELECT count(*) FROM {file}", r => r.GetInt64(0))[0];
        }
        catch (DuckDB.NET.Data.DuckDBException error)
        {
            _session.Dispose();
            throw new InvalidDataException($"{path} can't be read as Parquet: {error.Message.Split('\n')[0]}", error);
        }
        var columns = string.Concat(needed.Select(n => $", CAST({Name(n)} AS DOUBLE)"));
        _reading = Task.Run(() => Read(path, $"SELECT CAST({Name(idColumn)} AS VARCHAR){columns} FROM {file}", needed));
    }

    /// <inheritdoc/>
    public long? Total { get; }

    /// <inheritdoc/>
    public string Unit => "rows";

    /// <inheritdoc/>
    public ICustomerBlock? Next(CancellationToken cancellation)
    {
        if (_blocks.TryTake(out var block, Timeout.Infinite, cancellation)) return block;
        _reading.GetAwaiter().GetResult();              // what went wrong there, if anything
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        try { _reading.Wait(); }
        catch (AggregateException) { }                  // it was stopped, or has been told of by Next
        _session.Dispose();
        _blocks.Dispose();
        _stop.Dispose();
    }

    private void Read(string path, string query, IReadOnlyList<string> needed)
    {
        try
        {
            var (names, columns, filled, done) = (new string?[ICustomerSource.BlockRows], Empty(needed.Count), 0, 0L);
            _session.Batches(query, batch =>
            {
                var ids = (Apache.Arrow.StringArray)batch.Column(0);
                for (int first = 0, rows; first < batch.Length; first += rows)
                {
                    rows = Math.Min(names.Length - filled, batch.Length - first);
                    for (var row = 0; row < rows; row++) names[filled + row] = ids.IsNull(first + row) ? null : ids.GetString(first + row);
                    for (var c = 0; c < columns.Length; c++) Copy((Apache.Arrow.DoubleArray)batch.Column(c + 1), first, columns[c].AsSpan(filled, rows));
                    filled += rows;
                    if (filled == names.Length) Hand();
                }
            }, streaming: true);
            if (filled > 0) Hand();

            void Hand()
            {
                if (filled < names.Length) (names, columns) = (names[..filled], [.. columns.Select(c => c[..filled])]);
                _blocks.Add(new(names, columns, needed, done, done + filled), _stop.Token);
                (names, columns, filled, done) = (new string?[ICustomerSource.BlockRows], Empty(needed.Count), 0, done + filled);
            }
        }
        catch (DuckDB.NET.Data.DuckDBException error)
        {
            throw new InvalidDataException($"{path} can't be read to its end: {error.Message.Split('\n')[0]}", error);
        }
        finally { _blocks.CompleteAdding(); }
    }

    private static double[][] Empty(int columns) => [.. Enumerable.Range(0, columns).Select(_ => GC.AllocateUninitializedArray<double>(ICustomerSource.BlockRows))];

    private static void Copy(Apache.Arrow.DoubleArray column, int first, Span<double> to)
    {
        column.Values.Slice(first, to.Length).CopyTo(to);
        if (column.NullCount == 0) return;
        for (var row = 0; row < to.Length; row++)
            if (column.IsNull(first + row)) to[row] = double.NaN;
    }

    private static string Name(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
