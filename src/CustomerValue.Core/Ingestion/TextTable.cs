using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>The texts of a table, each with its label.</summary>
internal static class TextTable
{
    /// <summary>Reads a table whole.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="file">Its name; it may be packed, with .gz or .zip behind.</param>
    /// <param name="columns">The columns that make up the text, parted by a space.</param>
    /// <param name="label">The column of the label.</param>
    /// <param name="read">Reads a label; a <see cref="FormatException"/> says what is wrong with it.</param>
    /// <returns>Trimmed texts in file order, without empty ones.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableRefusedException">A column is missing, or a row can't be read: every row of a published set counts.</exception>
    public static List<(string Text, T Label)> Read<T>(string folder, string file, IReadOnlyList<string> columns, string label, Func<string, T> read)
    {
        var source = Source(folder, file);
        using var reader = new DelimitedReader(source.OpenText(out _), source.Delimiter);
        try
        {
            if (!reader.Read()) throw new TableRefusedException(source.Name, "the file is empty.");
            var (width, places) = (reader.Fields, Places(source, reader, [.. columns, label]));
            var rows = new List<(string, T)>();
            while (reader.Read())
            {
                if (reader.Defect is { } defect) throw Refused(source, reader, defect);
                if (reader.Fields != width) throw Refused(source, reader, $"{reader.Fields} fields where the header has {width}");
                var text = string.Join(' ', places[..^1].Select(place => Encoding.UTF8.GetString(reader[place]))).Trim();
                if (text.Length > 0) rows.Add((text, Label(source, reader, places[^1], read)));
            }
            return rows;
        }
        catch (InvalidDataException error)
        {
            throw new TableRefusedException(source.Name, $"unpacking broke off after line {reader.Line}: {error.Message} Is the file whole? Copy it again.");
        }
    }

    private static DataFile Source(string folder, string file)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"The data folder {folder} doesn't exist; {file} is expected in it (plain, .gz or .zip).");
        foreach (var name in new[] { file, file + ".gz", file + ".zip" })
            if (File.Exists(Path.Combine(folder, name)))
                return new(Path.Combine(folder, name), new TableMapping { Kind = RecordKind.Reviews, Files = [name] });
        throw new FileNotFoundException(
            $"{folder} holds no {file} (plain, .gz or .zip). It holds: {string.Join(", ", Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Take(20))}.");
    }

    private static int[] Places(DataFile source, DelimitedReader header, IReadOnlyList<string> wanted)
    {
        if (header.Defect is { } defect) throw new TableRefusedException(source.Name, $"the first line can't be read as columns: {defect}.");
        string[] names = [.. Enumerable.Range(0, header.Fields).Select(i => Encoding.UTF8.GetString(header[i]).Trim())];
        string[] missing = [.. wanted.Where(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase))];
        if (missing.Length > 0)
            throw new TableRefusedException(source.Name,
                $"this is no table of such texts: missing {string.Join(", ", missing.Select(n => $"'{n}'"))}. Found the columns {string.Join(", ", names.Select(n => $"'{n}'"))}.");
        return [.. wanted.Select(name => Array.FindIndex(names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase)))];
    }

    private static T Label<T>(DataFile source, DelimitedReader reader, int place, Func<string, T> read)
    {
        try
        {
            return read(Encoding.UTF8.GetString(reader[place]).Trim());
        }
        catch (FormatException error)
        {
            throw Refused(source, reader, error.Message);
        }
    }

    private static TableRefusedException Refused(DataFile source, DelimitedReader reader, string what) =>
        new(source.Name, $"line {reader.Line}: {what}. The set is published whole and known to the row; copy the file again.");
}
