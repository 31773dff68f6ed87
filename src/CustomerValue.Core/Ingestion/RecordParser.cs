using System.Text;
using System.Text.Unicode;

namespace CustomerValue.Ingestion;

/// <summary>Turns rows of one file into records, or says why not.</summary>
internal abstract class RecordParser
{
    private readonly TableLayout _layout;
    private readonly byte[][] _fixed;                                    // [fields]: the value where the column is absent or empty; empty for none
    private readonly Dictionary<string, byte[]>?[] _values;              // [fields]: the shop's values and what they mean; null for no map
    private readonly DateFormat[] _dates;
    private readonly NumberFormat _numbers;
    private readonly RowFilter[] _filters;
    private readonly TextCache _customers;

    protected RecordParser(DataFile file, TableLayout layout, Pseudonyms pseudonyms)
    {
        (Mapping, _layout) = (file.Mapping, layout);
        Fields = RecordFields.Of(Mapping.Kind);
        _fixed = [.. Fields.Select(f => Mapping.Fixed.TryGetValue(f.Name, out var value) ? Encoding.UTF8.GetBytes(value) : [])];
        _values = [.. Fields.Select(f => Mapping.Values.TryGetValue(f.Name, out var map)
            ? map.ToDictionary(v => v.Key, v => Encoding.UTF8.GetBytes(v.Value), StringComparer.OrdinalIgnoreCase) : null)];
        _dates = [.. Mapping.Dates.Select(pattern => DateFormat.From(pattern) ?? throw new MappingException(file.Name, 0, $"'{pattern}' is no date pattern."))];
        _numbers = new NumberFormat(Mapping.Decimal, Mapping.Thousands);
        _filters = [.. Mapping.Exclude.Select(rule => new RowFilter(rule, FieldNamed(rule.Field)))];
        _customers = new TextCache(pseudonyms.Of);
    }

    /// <summary>Why the last row was refused, in fixed words.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>What was found there; may be empty.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Further reasons that the last row fits.</summary>
    public List<string> Also { get; } = [];

    protected TableMapping Mapping { get; }

    protected IReadOnlyList<RecordField> Fields { get; }

    /// <summary>The parser for a file's kind of records.</summary>
    public static RecordParser For(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) => file.Mapping.Kind switch
    {
        RecordKind.Purchases => new PurchaseParser(file, number, layout, pseudonyms),
        RecordKind.BrowsingEvents => new BrowsingParser(file, number, layout, pseudonyms),
        RecordKind.Reviews => new ReviewParser(file, number, layout, pseudonyms),
        RecordKind.DialogueTurns => new DialogueParser(file, number, layout, pseudonyms),
        _ => new CampaignParser(file, number, layout, pseudonyms),
    };

    /// <summary>Takes a row; false when it was refused, and then <see cref="Reason"/> says why.</summary>
    public bool TryTake(DelimitedReader row)
    {
        if (row.Defect is { } defect) return Refuse(Reject.BrokenQuotes, defect);
        if (row.Fields != _layout.Width && (row.Fields < _layout.Width || Mapping.Header))
            return Refuse(row.Fields < _layout.Width ? Reject.TooFewFields : Reject.TooManyFields, $"{row.Fields} fields where {_layout.Width} are expected");
        if (row.Raw.Contains((byte)0)) return Refuse(Reject.NulByte, $"a NUL byte at position {row.Raw.IndexOf((byte)0)} of the row");
        if (!Utf8.IsValid(row.Raw)) return Refuse(Reject.NotUtf8, "the row isn't UTF-8; if the file is written in another encoding, name it in the mapping: encoding: windows-1252");
        return Passes(row) && TryParse(row);
    }

    /// <summary>The records taken since the last call; null when there are none.</summary>
    public abstract RecordBatch? Take(bool evenIfNotFull);

    /// <summary>Makes a record of a row and adds it to the batch, or refuses it.</summary>
    protected abstract bool TryParse(DelimitedReader row);

    protected bool Has(int field) => _layout[field] >= 0 || _fixed[field].Length > 0;

    protected bool Refuse(string reason, string detail = "")
    {
        (Reason, Detail) = (reason, detail);
        return false;
    }

    /// <summary>A field's value as it stands, or the one fixed for it, translated where the mapping translates.</summary>
    protected ReadOnlySpan<byte> Value(DelimitedReader row, int field)
    {
        var column = _layout[field];
        var value = column < 0 ? [] : row[column];
        if (value.IsEmpty) value = _fixed[field];
        if (_values[field] is { } map && map.TryGetValue(Encoding.UTF8.GetString(value.Trim(" \t"u8)), out var meant)) return meant;
        return value;
    }

    /// <summary>A code: a field's value without the blanks around it.</summary>
    protected ReadOnlySpan<byte> Code(DelimitedReader row, int field) => Value(row, field).Trim(" \t"u8);

    protected bool TryCustomer(DelimitedReader row, out string customer)
    {
        var code = Code(row, 0);
        customer = code.IsEmpty ? "" : _customers.Of(code);
        return !code.IsEmpty || Refuse(Reject.NoCustomer);
    }

    protected bool TryCode(DelimitedReader row, int field, TextCache cache, out string code)
    {
        code = cache.Of(Code(row, field));
        return code.Length > 0 || Refuse(Reject.Missing, $"{Fields[field].Name} is empty");
    }

    protected bool TryTime(DelimitedReader row, int field, out DateTime at)
    {
        var value = Code(row, field);
        foreach (var format in _dates)
        {
            if (!format.TryRead(value, out at)) continue;
            var day = DateOnly.FromDateTime(at);
            return day >= Mapping.Earliest && day <= Mapping.Latest
                || Refuse(Reject.AbsurdTime, FormattableString.Invariant($"{Fields[field].Name} is {at:yyyy-MM-dd HH:mm:ss}; times lie between {Mapping.Earliest:yyyy-MM-dd} and {Mapping.Latest:yyyy-MM-dd} (keys earliest and latest of the mapping)"));
        }
        at = default;
        return value.IsEmpty ? Refuse(Reject.Missing, $"{Fields[field].Name} is empty")
            : Refuse(Reject.BadTime, $"{Fields[field].Name} is '{Shown(value)}'; expected {string.Join(" or ", Mapping.Dates)} (key dates of the mapping)");
    }

    /// <summary>Reads a number with up to <paramref name="decimals"/> decimals, no larger than <paramref name="largest"/> either way.</summary>
    protected bool TryNumber(DelimitedReader row, int field, int decimals, decimal largest, out decimal number)
    {
        var value = Value(row, field);
        if (!_numbers.TryRead(value, out number, out var found))
            return value.IsEmpty ? Refuse(Reject.Missing, $"{Fields[field].Name} is empty")
                : Refuse(Reject.BadNumber, $"{Fields[field].Name} is '{Shown(value)}'; expected a number of up to 18 digits, decimal mark '{Mapping.Decimal}', {(Mapping.Thousands is { } mark ? $"thousands mark '{mark}'" : "no thousands mark")}");
        if (Math.Abs(number) > largest) return Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"{Fields[field].Name} is {number}; at most {largest} is taken for real"));
        if (found <= decimals) return true;
        if (!Mapping.Round) return Refuse(Reject.TooManyDecimals, FormattableString.Invariant($"{Fields[field].Name} is {number}; {decimals} decimals are kept (round: true in the mapping rounds)"));
        number = decimal.Round(number, decimals);
        return true;
    }

    /// <summary>A currency code in capitals.</summary>
    protected bool TryCurrency(DelimitedReader row, int field, TextCache cache, out string currency)
    {
        currency = cache.Of(Code(row, field)).ToUpperInvariant();
        return currency.Length == 3 && currency.All(char.IsAsciiLetterUpper) || Refuse(Reject.BadCurrency, $"{Fields[field].Name} is '{currency}'; expected an ISO 4217 code such as GBP");
    }

    protected static string Shown(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value[..Math.Min(value.Length, 60)]);

    private bool Passes(DelimitedReader row)
    {
        var refused = false;
        foreach (var filter in _filters)
        {
            var time = default(DateTime);
            if (filter.NeedsTime ? !TryAny(Code(row, filter.Field), out time) || !filter.Catches(time) : !filter.Catches(Code(row, filter.Field))) continue;
            Count(ref refused, filter.Reason);
        }
        if (refused && Code(row, 0).IsEmpty) Count(ref refused, Reject.NoCustomer);
        return !refused;
    }

    private void Count(ref bool refused, string reason)
    {
        if (!refused) Also.Clear();
        if (refused) Also.Add(reason);
        else Refuse(reason);
        refused = true;
    }

    private bool TryAny(ReadOnlySpan<byte> value, out DateTime at)
    {
        foreach (var format in _dates)
            if (format.TryRead(value, out at)) return true;
        at = default;
        return false;
    }

    private int FieldNamed(string name)
    {
        for (var i = 0; i < Fields.Count; i++)
            if (Fields[i].Name == name) return i;
        throw new MappingException(Mapping.Kind.ToString(), 0, $"'{name}' is no field.");
    }
}

/// <summary>A parser of records of type <typeparamref name="T"/>.</summary>
internal abstract class RecordParser<T>(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) : RecordParser(file, layout, pseudonyms)
{
    private RecordBatch<T>? _batch;

    public override RecordBatch? Take(bool evenIfNotFull)
    {
        if (_batch is null || !evenIfNotFull && !_batch.IsFull) return null;
        var batch = _batch;
        _batch = null;
        return batch;
    }

    protected bool Add(T record, long line)
    {
        _batch ??= new(Mapping.Kind, number);
        _batch.Add(record, line);
        return true;
    }
}
