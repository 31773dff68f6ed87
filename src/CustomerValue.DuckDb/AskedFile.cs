using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>The customers of a table with their cutoffs, where statements can read them: the relation asked(customer_id, cutoff). Gone when disposed.</summary>
internal sealed class AskedFile : IDisposable
{
    private static int s_written;
    private readonly string _path;

    /// <summary>Writes them.</summary>
    /// <param name="table">Whose customers.</param>
    /// <param name="folder">Where the file may lie.</param>
    public AskedFile(FeatureTable table, string folder)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"asked-{Environment.ProcessId}-{Interlocked.Increment(ref s_written)}.parquet"));
        new ParquetColumns()
            .Add("customer_id", table.CustomerIds.ToArray())
            .Add("day", table.OwnCutoffs is { } own ? [.. own.Select(d => d.DayNumber)] : Enumerable.Repeat(table.Cutoff.DayNumber, table.Rows).ToArray())
            .Write(_path);
    }

    /// <summary>The statement that makes them readable by name. Days count from 0001-01-01.</summary>
    public string View => $"CREATE TEMP VIEW asked AS SELECT customer_id, DATE '0001-01-01' + day AS cutoff FROM read_parquet({Query.Literal(_path)})";

    public void Dispose() => File.Delete(_path);
}
