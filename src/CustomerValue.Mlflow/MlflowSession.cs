using Microsoft.Data.Sqlite;

namespace CustomerValue.Mlflow;

/// <summary>Statements inside one transaction.</summary>
/// <param name="connection">The connection that holds the transaction.</param>
/// <param name="tables">Table -> column -> declared type, as they are in the file.</param>
internal sealed class MlflowSession(SqliteConnection connection, Dictionary<string, Dictionary<string, string>> tables)
{
    /// <summary>Runs a statement.</summary>
    /// <returns>Rows changed.</returns>
    public int Do(string sql, params (string Name, object? Value)[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; null where there is none.</summary>
    public object? One(string sql, params (string Name, object? Value)[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>All rows.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Inserts rows; every column is named, and one that the file doesn't have is left out.</summary>
    /// <param name="verb"><c>INSERT</c>, <c>INSERT OR IGNORE</c>, <c>INSERT OR REPLACE</c>.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The values, in the order of the columns.</param>
    /// <param name="behind">What stands behind the values.</param>
    public void Insert(string verb, string table, string[] columns, IEnumerable<object?[]> rows, string behind = "")
    {
        var there = columns.Select((name, i) => (name, i)).Where(c => tables[table].ContainsKey(c.name)).ToArray();
        using var command = connection.CreateCommand();
        command.CommandText = $"{verb} INTO {table} ({string.Join(", ", there.Select(c => c.name))}) VALUES ({string.Join(", ", there.Select(c => "$" + c.name))}) {behind}";
        foreach (var (name, _) in there) command.Parameters.Add(new SqliteParameter { ParameterName = "$" + name });
        foreach (var row in rows)
        {
            foreach (var (name, i) in there) command.Parameters["$" + name].Value = row[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The length that a column of text declares.</summary>
    public int Length(string table, string column, int otherwise) =>
        tables[table][column].Split('(', ')') is [_, var length, ..] && int.TryParse(length, out var declared) ? declared : otherwise;

    /// <summary>From 3.10 on names are unique within a workspace, and ours is the one that a row gets when nothing is said.</summary>
    public string Here(string table) => Here(table, table);

    /// <inheritdoc cref="Here(string)"/>
    public string Here(string alias, string table) => tables[table].ContainsKey("workspace") ? $" AND {alias}.workspace = 'default'" : "";

    private SqliteCommand Command(string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
