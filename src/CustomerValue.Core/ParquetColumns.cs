using Parquet;
using Parquet.Schema;

namespace CustomerValue;

/// <summary>Named columns of one length, written to and read from a Parquet file as one row group: string, double, int and bool, none missing.</summary>
public sealed class ParquetColumns
{
    private readonly List<(string Name, Array Values)> _columns = [];

    /// <summary>Number of rows; 0 while there are no columns.</summary>
    public int Rows => _columns.Count == 0 ? 0 : _columns[0].Values.Length;

    /// <summary>Column names, in file order.</summary>
    public IEnumerable<string> Names => _columns.Select(c => c.Name);

    /// <summary>Small facts about the table that travel with it.</summary>
    public Dictionary<string, string> Facts { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a column.</summary>
    /// <typeparam name="T">string, double, int or bool.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="values">[rows]; taken over, not copied.</param>
    /// <exception cref="ArgumentException">The length differs from the other columns', the name stands already, or the type isn't one of the four.</exception>
    public ParquetColumns Add<T>(string name, T[] values)
    {
        if (typeof(T) != typeof(string) && typeof(T) != typeof(double) && typeof(T) != typeof(int) && typeof(T) != typeof(bool))
            throw new ArgumentException($"Column '{name}' holds {typeof(T).Name}; string, double, int and bool can be written.", nameof(values));
        if (_columns.Count > 0) Check.SameLength(Rows, values.Length, name);
        if (_columns.Exists(c => c.Name == name)) throw new ArgumentException($"The column '{name}' stands already.", nameof(name));
        _columns.Add((name, values));
        return this;
    }

    /// <summary>[rows]: a column by name.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or it holds another type.</exception>
    public T[] Column<T>(string name) => _columns.FirstOrDefault(c => c.Name == name).Values switch
    {
        T[] values => values,
        null => throw new InvalidDataException($"There is no column '{name}'; there are: {string.Join(", ", Names)}."),
        var other => throw new InvalidDataException($"Column '{name}' holds {other.GetType().GetElementType()!.Name}, where {typeof(T).Name} is expected."),
    };

    /// <summary>The names of the columns that hold a type.</summary>
    public IEnumerable<string> NamesOf<T>() => _columns.Where(c => c.Values is T[]).Select(c => c.Name);

    /// <summary>Writes the file whole, under another name first: a reader never meets half of it.</summary>
    public void Write(string path)
    {
        var part = path + ".part";
        WriteAsync(part).GetAwaiter().GetResult();
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file, or holds other types.</exception>
    public static ParquetColumns Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads a file that is open.</summary>
    /// <param name="stream">Its bytes; can be sought in.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no Parquet file, or holds other types.</exception>
    public static ParquetColumns Read(Stream stream, string name) => ReadAsync(stream, name).GetAwaiter().GetResult();

    private async Task WriteAsync(string path)
    {
        var fields = _columns.Select(c => c.Values switch
        {
            string[] => new DataField<string>(c.Name, nullable: false),
            double[] => new DataField<double>(c.Name, nullable: false),
            int[] => new DataField<int>(c.Name, nullable: false),
            _ => (DataField)new DataField<bool>(c.Name, nullable: false),
        }).ToArray();
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).ConfigureAwait(false);
        writer.CustomMetadata = Facts;
        using var group = writer.CreateRowGroup();
        foreach (var (field, (_, values)) in fields.Zip(_columns))
            await (values switch
            {
                string[] text => group.WriteAsync(field, text),
                double[] numbers => group.WriteAsync<double>(field, numbers),
                int[] counts => group.WriteAsync<int>(field, counts),
                _ => group.WriteAsync<bool>(field, (bool[])values),
            }).ConfigureAwait(false);
        group.CompleteValidate();
    }

    private static async Task<ParquetColumns> ReadAsync(Stream stream, string path)
    {
        var table = new ParquetColumns();
        ParquetReader reader;
        try { reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false); }
        catch (Exception error) when (error is IOException or InvalidDataException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is no Parquet file that can be read: {error.Message}", error);
        }
        await using (reader)
        {
            foreach (var (key, value) in reader.CustomMetadata) table.Facts[key] = value;
            foreach (var field in reader.Schema.DataFields)
            {
                if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>)) table.Add(field.Name, await All<string>(reader, field, (g, part) => g.ReadAsync(field, part!)).ConfigureAwait(false));
                else if (field.ClrType == typeof(double)) table.Add(field.Name, await Numbers<double>(reader, field).ConfigureAwait(false));
                else if (field.ClrType == typeof(int)) table.Add(field.Name, await Numbers<int>(reader, field).ConfigureAwait(false));
                else if (field.ClrType == typeof(bool)) table.Add(field.Name, await Numbers<bool>(reader, field).ConfigureAwait(false));
                else throw new InvalidDataException($"{path}: column '{field.Name}' holds {field.ClrType.Name}; string, double, int and bool can be read.");
            }
        }
        return table;

        // Other programs mark every column as one that may lack values, whether it does or not.
        static async Task<T[]> Numbers<T>(ParquetReader reader, DataField field) where T : struct =>
            !field.IsNullable
                ? await All<T>(reader, field, (g, part) => g.ReadAsync(field, part)).ConfigureAwait(false)
                : [.. (await All<T?>(reader, field, (g, part) => g.ReadAsync(field, part)).ConfigureAwait(false)).Select((value, row) =>
                    value ?? throw new InvalidDataException($"Column '{field.Name}' has no value on row {row}; every value must be there."))];
    }

    private static async Task<T[]> All<T>(ParquetReader reader, DataField field, Func<ParquetRowGroupReader, Memory<T>, ValueTask> read)
    {
        var parts = new List<T[]>();
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var part = new T[group.RowCount];
            await read(group, part).ConfigureAwait(false);
            parts.Add(part);
        }
        return parts.Count == 1 ? parts[0] : [.. parts.SelectMany(p => p)];
    }
}
