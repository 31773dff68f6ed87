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
            var done = 0L;
            _session.Batches(query, batch =>
            {
                var ids = (Apache.Arrow.StringArray)batch.Column(0);
                for (var first = 0; first < batch.Length; first += ICustomerSource.BlockRows)
                {
                    var rows = Math.Min(ICustomerSource.BlockRows, batch.Length - first);
                    var names = new string?[rows];
                    for (var row = 0; row < rows; row++) names[row] = ids.IsNull(first + row) ? null : ids.GetString(first + row);
                    _blocks.Add(new(names, [.. needed.Select((_, c) => Column((Apache.Arrow.DoubleArray)batch.Column(c + 1), first, rows))], needed, done, done + rows), _stop.Token);
                    done += rows;
                }
            });
        }
        catch (DuckDB.NET.Data.DuckDBException error)
        {
            throw new InvalidDataException($"{path} can't be read to its end: {error.Message.Split('\n')[0]}", error);
        }
        finally { _blocks.CompleteAdding(); }
    }

    private static double[] Column(Apache.Arrow.DoubleArray column, int first, int rows)
    {
        var values = column.Values.Slice(first, rows).ToArray();
        if (column.NullCount > 0)
            for (var row = 0; row < rows; row++)
                if (column.IsNull(first + row)) values[row] = double.NaN;
        return values;
    }

    private static string Name(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
