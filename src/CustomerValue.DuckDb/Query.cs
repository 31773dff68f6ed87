using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>Short forms for running SQL with numbered parameters ($1, $2, ...).</summary>
internal static class Query
{
    public static void Run(this DuckDBConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    public static List<T> Rows<T>(this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> read, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>A text as an SQL literal, for the places where DuckDB takes no parameter (file names, settings).</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values) command.Parameters.Add(new DuckDBParameter(value));
        return command;
    }
}
