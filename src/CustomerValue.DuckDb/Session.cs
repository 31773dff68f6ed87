using System.Globalization;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>A connection to a private in-memory database with a memory limit: holds the temporary relations of one unit, which are gone when it is disposed.</summary>
internal sealed class Session : IDisposable
{
    private static int s_opened;
    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancellation;

    /// <summary>Opens a database.</summary>
    /// <param name="memoryLimitMb">Held in memory before it spills, in MB.</param>
    /// <param name="spill">Folder for what doesn't fit; each database uses a place of its own in it.</param>
    /// <param name="cancellation">Interrupts a running statement.</param>
    public Session(int memoryLimitMb, string spill, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _connection = new DuckDBConnection("Data Source=:memory:");
        _connection.Open();
        var place = Path.Combine(spill, string.Create(CultureInfo.InvariantCulture, $"spill-{Environment.ProcessId}-{Interlocked.Increment(ref s_opened)}"));
        Run(string.Create(CultureInfo.InvariantCulture, $"SET memory_limit = '{memoryLimitMb}MB'; SET threads = 1; SET temp_directory = {Query.Literal(place)}"));
    }

    private Session(DuckDBConnection connection, CancellationToken cancellation) => (_connection, _cancellation) = (connection, cancellation);

    /// <summary>Another session on the same database, with temporary relations of its own; its statements run on the thread that calls.</summary>
    public Session Beside()
    {
        var connection = _connection.Duplicate();
        connection.Open();
        return new(connection, _cancellation);
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

    /// <summary>Runs a query and hands its columns to <paramref name="read"/>, batch by batch; <paramref name="streaming"/> when the whole result must not be in memory.</summary>
    public void Batches(string sql, Action<Apache.Arrow.RecordBatch> read, bool streaming = false)
    {
        using var command = Command(sql, []);
        command.UseStreamingMode = streaming;
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
