namespace CustomerValue.Ingestion;

/// <summary>Which column of a file holds which field, found from its header and the mapping.</summary>
internal sealed class TableLayout
{
    private readonly int[] _columns;               // [fields]: column from 0; -1 for none

    private TableLayout(int[] columns, int width) => (_columns, Width) = (columns, width);

    /// <summary>Fields that every row must have.</summary>
    public int Width { get; }

    /// <summary>The column of a field, from 0; -1 when the file has none.</summary>
    public int this[int field] => _columns[field];

    /// <summary>Finds the columns.</summary>
    /// <param name="file">The file.</param>
    /// <param name="first">Its first record: the header, or a row where there is no header.</param>
    /// <exception cref="TableRefusedException">Columns that are needed are missing; the message lists them and what is there.</exception>
    public static TableLayout Of(DataFile file, DelimitedReader first)
    {
        var mapping = file.Mapping;
        var fields = RecordFields.Of(mapping.Kind);
        var names = new string[first.Fields];
        for (var i = 0; i < names.Length; i++) names[i] = System.Text.Encoding.UTF8.GetString(first[i]).Trim();
        if (first.Defect is { } defect) throw new TableRefusedException(file.Name, $"the first line can't be read as columns: {defect}.");

        var columns = new int[fields.Count];
        var missing = new List<string>();
        for (var i = 0; i < columns.Length; i++)
        {
            var field = fields[i];
            var wanted = mapping.Columns.GetValueOrDefault(field.Name);
            columns[i] = mapping.Header ? Named(file, names, field, wanted) : Numbered(file, names.Length, wanted);
            var needed = wanted is not null || field.Required || field.Name == "order_id" && mapping.Kind == RecordKind.Purchases && mapping.Orders == OrderNaming.Column;
            if (columns[i] < 0 && needed && !mapping.Fixed.ContainsKey(field.Name)) missing.Add(wanted is null || wanted == field.Name ? field.Name : $"{field.Name} (as '{wanted}')");
        }
        if (mapping.Kind == RecordKind.Purchases)
        {
            if (columns[PurchaseParser.UnitPrice] < 0 && columns[PurchaseParser.Amount] < 0 && !mapping.Fixed.ContainsKey("unit_price")) missing.Add("unit_price or amount");
            if (columns[PurchaseParser.Currency] < 0 && !mapping.Fixed.ContainsKey("currency")) missing.Add("currency (a column, or currency: GBP at the top of the mapping)");
        }
        if (missing.Count > 0)
            throw new TableRefusedException(file.Name,
                $"this is no table of {RecordFields.Section(mapping.Kind)}: missing {string.Join(", ", missing)}. " +
                (mapping.Header ? $"Found the columns {string.Join(", ", names.Select(n => $"'{n}'"))}. " : $"Found {names.Length} columns, without names. ") +
                $"Say in the mapping which column holds which field, as in columns: {{{fields[0].Name}: <column>}}.{DelimiterHint(file, first)}");
        return new(columns, mapping.Header ? names.Length : columns.Max() + 1);
    }

    private static int Named(DataFile file, string[] names, RecordField field, string? wanted)
    {
        var at = -1;
        foreach (var name in wanted is not null ? [wanted] : new[] { field.Name, field.Alias })
        {
            if (name.Length == 0) continue;
            for (var i = 0; i < names.Length; i++)
            {
                if (!names[i].Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
                if (at >= 0) throw new TableRefusedException(file.Name, $"two columns are called '{name}' (numbers {at + 1} and {i + 1}); {field.Name} could be either. Rename one of them.");
                at = i;
            }
            if (at >= 0) return at;
        }
        return at;
    }

    private static int Numbered(DataFile file, int width, string? wanted)
    {
        if (wanted is null) return -1;
        if (!int.TryParse(wanted, System.Globalization.CultureInfo.InvariantCulture, out var number) || number < 1)
            throw new TableRefusedException(file.Name, $"the mapping says header: false, so columns are numbers from 1; '{wanted}' is none.");
        return number <= width ? number - 1 : -1;
    }

    private static string DelimiterHint(DataFile file, DelimitedReader first)
    {
        if (first.Fields != 1 || file.Delimiter == 0) return "";
        foreach (var (mark, name) in new[] { ((byte)'\t', "tab"), ((byte)';', "semicolon"), ((byte)',', "comma"), ((byte)'|', "\"|\"") })
            if (mark != file.Delimiter && first.Raw.Contains(mark)) return $" The first line isn't split by the delimiter expected; it looks like delimiter: {name}.";
        return "";
    }
}
