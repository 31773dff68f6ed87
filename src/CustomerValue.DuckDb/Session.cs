using System.Globalization;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>A private in-memory database with a memory limit: holds the relations of one unit, and is gone when disposed.</summary>
internal sealed class Session : IDisposable
{
    private static int s_opened;
    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancellation;

    /// <param name="memoryLimitMb">Held in memory before it spills, in MB.</param>
    /// <param name="threads">Threads of this database.</param>
    /// <param name="spill">Folder for what doesn't fit; each session uses a place of its own in it.</param>
    /// <param name="cancellation">Interrupts a running statement.</param>
    public Session(int memoryLimitMb, int threads, string spill, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _connection = new DuckDBConnection("Data Source=:memory:");
        _connection.Open();
        var place = Path.Combine(spill, string.Create(CultureInfo.InvariantCulture, $"spill-{Environment.ProcessId}-{Interlocked.Increment(ref s_opened)}"));
        Run(string.Create(CultureInfo.InvariantCulture,
            $"SET memory_limit = '{memoryLimitMb}MB'; SET threads = {threads}; SET temp_directory = {Query.Literal(place)}"));
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public void Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        Interruptible(command, command.ExecuteNonQuery);
    }

    /// <summary>Runs a query and hands each row to <paramref name="read"/>.</summary>
    public List<T> Rows<T>(string sql, Func<DuckDBDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return Interruptible(command, () =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(read(reader));
            return rows;
        });
    }

    /// <summary>Runs a query and hands its columns to <paramref name="read"/>, batch by batch.</summary>
    public void Batches(string sql, Action<Apache.Arrow.RecordBatch> read)
    {
        using var command = Command(sql, []);
        Interruptible(command, () =>
        {
            using var stream = command.ExecuteArrowStream();
            while (stream.ReadNextRecordBatchAsync(_cancellation).AsTask().GetAwaiter().GetResult() is { } batch)
                using (batch) read(batch);
            return 0;
        });
    }

    private DuckDBCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        _cancellation.ThrowIfCancellationRequested();
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }

    // DuckDB answers an interrupt with an error of its own; callers wait for the usual exception.
    private T Interruptible<T>(DuckDBCommand command, Func<T> work)
    {
        using var interrupt = _cancellation.Register(command.Cancel);
        try
        {
            return work();
        }
        catch (DuckDBException) when (_cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(_cancellation);
        }
    }

    public void Dispose() => _connection.Dispose();
}
