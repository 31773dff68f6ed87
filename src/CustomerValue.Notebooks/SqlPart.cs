using System.Data;
using System.Data.Common;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>A part of a cell in SQL: <c>#!sql [--as NAME] [--connection NAME]</c>. <c>$name</c> in it stands for the C# variable of that name.</summary>
internal sealed partial record SqlPart(string? As, string? Connection, string Statement, int Line)
{
    public static SqlPart Of(CellPart part)
    {
        string? variable = null, connection = null;
        var words = part.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i += 2)
        {
            if (words[i] is not ("--as" or "--connection") || i + 1 == words.Length || !Name().IsMatch(words[i + 1]))
                throw new DirectiveException(part.Line - 1, "#!sql takes '--as NAME', the variable for the rows, and '--connection NAME', a variable that holds a DbConnection.");
            if (words[i] == "--as") variable = words[i + 1];
            else connection = words[i + 1];
        }
        return new(variable, connection, part.Text, part.Line);
    }

    /// <param name="database">Where it is run.</param>
    /// <param name="variable">A C# variable by name: whether there is one, and its value.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <exception cref="DirectiveException">A <c>$name</c> is no variable.</exception>
    /// <exception cref="DbException">The database refuses it.</exception>
    public async Task<SqlTable> RunAsync(DbConnection database, Func<string, (bool Found, object? Value)> variable, CancellationToken cancellation)
    {
        if (database.State != ConnectionState.Open) await database.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = database.CreateCommand();
        command.CommandText = Statement;
        foreach (var name in Mentioned())
        {
            var (found, value) = variable(name);
            if (!found) throw new DirectiveException(Line, $"'${name}' stands for the C# variable '{name}', and there is none.");
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        using var stop = cancellation.Register(command.Cancel);
        return await Task.Run(() => Read(command, cancellation), CancellationToken.None).ConfigureAwait(false);
    }

    private static SqlTable Read(DbCommand command, CancellationToken cancellation)
    {
        using var reader = command.ExecuteReader();
        string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add([.. columns.Select((_, c) => reader.IsDBNull(c) ? null : reader.GetValue(c))]);
        }
        return new(columns, rows);
    }

    /// <summary>The names after a $, outside of texts, quoted names and comments.</summary>
    private IEnumerable<string> Mentioned() => Token().Matches(Statement).Select(match => match.Groups["name"]).Where(name => name.Success).Select(name => name.Value).Distinct();

    [GeneratedRegex(@"'(?:[^']|'')*'|""(?:[^""]|"""")*""|--[^\n]*|/\*.*?\*/|\$\$.*?\$\$|\$(?<name>[A-Za-z_]\w*)", RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Za-z_]\w*$")]
    private static partial Regex Name();
}
