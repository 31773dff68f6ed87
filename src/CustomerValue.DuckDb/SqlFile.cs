using System.Text.RegularExpressions;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>One of the .sql files that the library carries: its text, the relations its header says it reads, and the columns it describes.</summary>
/// <param name="Name">File name without ending; the relation it makes.</param>
/// <param name="Text">The file as written.</param>
/// <param name="Inputs">Relations named after <c>-- in:</c>.</param>
/// <param name="Columns">Columns whose line in the select list ends in <c>-- [unit] meaning</c>, in their order.</param>
internal sealed partial record SqlFile(string Name, string Text, IReadOnlyList<string> Inputs, IReadOnlyList<FeatureInfo> Columns)
{
    /// <summary>Reads an embedded file by name.</summary>
    /// <exception cref="InvalidOperationException">There is no such file, or it has no header.</exception>
    public static SqlFile Load(string name)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream(name + ".sql")
            ?? throw new InvalidOperationException($"There is no {name}.sql among the library's files; a header names a relation that no file makes.");
        using var reader = new StreamReader(stream);
        return Parse(name, reader.ReadToEnd());
    }

    internal static SqlFile Parse(string name, string text)
    {
        var inputs = Header().Matches(text).SelectMany(line => Relation().Matches(line.Groups["relations"].Value)).Select(m => m.Groups["name"].Value);
        var columns = Column().Matches(text)
            .Select(m => new FeatureInfo(m.Groups["name"].Value, m.Groups["unit"].Value, m.Groups["meaning"].Value.Trim(), name));
        var file = new SqlFile(name, text, [.. inputs], [.. columns]);
        return file.Inputs.Count > 0 ? file
            : throw new InvalidOperationException($"{name}.sql has no line '-- in: relation(columns)'. The header says what a file reads.");
    }

    // "-- in: a(x, y), b(z)", and lines that go on with "--       c(w)"
    [GeneratedRegex(@"^-- in:(?<relations>.*(?:\n--  .*)*)", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"(?<name>[a-z_]+)\(")]
    private static partial Regex Relation();

    [GeneratedRegex(@"\b(?<name>[a-z_0-9]+),?[ \t]*-- \[(?<unit>[^\]\n]+)\] (?<meaning>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Column();
}
