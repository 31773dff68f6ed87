using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CustomerValue.Ingestion;

/// <summary>Reads a mapping file (YAML). Unknown keys and bad values are refused by line and name, with what is allowed.</summary>
/// <remarks>Settings at the top hold for every section, those of a section for its sources; the nearest wins. Columns, fixed values and value maps add up, and so do exclusions.</remarks>
internal sealed class MappingReader
{
    private static readonly string[] s_settings =
        ["currency", "encoding", "delimiter", "header", "dates", "decimal", "thousands", "round", "earliest", "latest", "largest_quantity", "largest_price"];

    private static readonly string[] s_table = [.. s_settings, "files", "entry", "columns", "fixed", "values", "exclude"];
    private static readonly string[] s_purchases = ["returns", "orders", "order_time"];
    private static readonly string[] s_sections = [.. Enum.GetValues<RecordKind>().Select(RecordFields.Section)];

    private readonly string _file;

    private MappingReader(string file) => _file = file;

    /// <summary>Reads a mapping.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="file">Its file name, for messages.</param>
    /// <param name="name">The data set's name where the mapping gives none.</param>
    /// <exception cref="MappingException">The mapping can't be followed.</exception>
    public static SourceMapping Read(string text, string file, string name) => new MappingReader(file).Read(text, name);

    private SourceMapping Read(string text, string name)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw new MappingException(_file, error.Start.Line, $"this isn't YAML: {error.Message}");
        }
        if (yaml.Documents.Count == 0) return new(name, Defaults([]));
        var root = Map(yaml.Documents[0].RootNode, "the mapping");
        var shared = new TableMapping { Kind = RecordKind.Purchases };
        var tables = new List<TableMapping>();
        foreach (var (key, node) in Entries(root, "the mapping", ["name", .. s_settings, .. s_sections]))
        {
            if (key == "name") name = Text(node, key);
            else if (!s_sections.Contains(key)) shared = Apply(shared, key, node);
        }
        foreach (var (key, node) in Entries(root, "the mapping", ["name", .. s_settings, .. s_sections]))
            if (Array.IndexOf(s_sections, key) is >= 0 and var kind) tables.AddRange(Section(shared with { Kind = (RecordKind)kind }, key, node));
        return new(name, tables.Count > 0 ? tables : Defaults([shared]));
    }

    /// <summary>Without any section, every kind is looked for under its default names.</summary>
    private static IReadOnlyList<TableMapping> Defaults(IReadOnlyList<TableMapping> shared) =>
        [.. Enum.GetValues<RecordKind>().Select(kind => (shared.Count > 0 ? shared[0] : new TableMapping { Kind = kind }) with { Kind = kind })];

    private IEnumerable<TableMapping> Section(TableMapping table, string section, YamlNode node)
    {
        if (node is YamlScalarNode { Value: null or "" or "~" or "null" }) return [table];
        var sources = new List<YamlNode>();
        foreach (var (key, value) in Entries(Map(node, section), section, Allowed(table.Kind, "sources")))
        {
            if (key == "sources") sources.AddRange(value is YamlSequenceNode list ? list.Children : throw Bad(value, $"sources must be a list of layouts, each with its files, as in\n  sources:\n    - files: orders-2024.csv"));
            else table = Apply(table, key, value);
        }
        return sources.Count == 0 ? [table] : sources.Select(source =>
            Entries(Map(source, "a source"), $"a source of {section}", Allowed(table.Kind)).Aggregate(table, (t, entry) => Apply(t, entry.Key, entry.Value)));
    }

    private static string[] Allowed(RecordKind kind, params string[] more) => [.. s_table, .. kind == RecordKind.Purchases ? s_purchases : [], .. more];

    private TableMapping Apply(TableMapping table, string key, YamlNode node) => key switch
    {
        "currency" => table with { Fixed = With(table.Fixed, "currency", Currency(node)) },
        "encoding" => table with { Encoding = EncodingName(node) },
        "delimiter" => table with { Delimiter = Delimiter(node) },
        "header" => table with { Header = Flag(node, key) },
        "dates" => table with { Dates = [.. Texts(node, key).Select(pattern => DatePattern(node, pattern))] },
        "decimal" => table with { Decimal = Mark(node, key) },
        "thousands" => table with { Thousands = Text(node, key).Length == 0 ? null : Mark(node, key) },
        "round" => table with { Round = Flag(node, key) },
        "earliest" => table with { Earliest = Day(node, key) },
        "latest" => table with { Latest = Day(node, key) },
        "largest_quantity" => table with { LargestQuantity = Number(node, key) },
        "largest_price" => table with { LargestPrice = Number(node, key) },
        "files" => table with { Files = Texts(node, key) },
        "entry" => table with { Entry = Text(node, key) },
        "columns" => table with { Columns = Fields(table, table.Columns, node, key) },
        "fixed" => table with { Fixed = Fields(table, table.Fixed, node, key) },
        "values" => table with { Values = Values(table, node) },
        "exclude" => table with { Exclude = [.. Exclusions(table, node), .. table.Exclude] },
        "returns" => table with { Returns = Returns(table.Returns, node) },
        "orders" => table with { Orders = Choice(node, key, ("column", OrderNaming.Column), ("per_line", OrderNaming.PerLine)) },
        _ => table with { OrderTimeOfFirstLine = Choice(node, key, ("each_line", false), ("first_line", true)) },
    };

    private ReturnRule Returns(ReturnRule rule, YamlNode node)
    {
        foreach (var (key, value) in Entries(Map(node, "returns"), "returns", ["order_prefix", "negative_quantity"]))
            rule = key == "order_prefix" ? rule with { OrderPrefix = Text(value, key) } : rule with { NegativeQuantity = Flag(value, key) };
        return rule;
    }

    private IEnumerable<ExcludeRule> Exclusions(TableMapping table, YamlNode node)
    {
        var rules = node is YamlSequenceNode list ? list.Children : throw Bad(node, "exclude must be a list of rules, as in\n  exclude:\n    - field: product_id\n      is: [POST, BANK CHARGES]\n      reason: no product");
        string[] conditions = ["starts_with", "is", "matching", "not_matching", "on_or_after", "before"];
        foreach (var item in rules)
        {
            var entries = Entries(Map(item, "a rule of exclude"), "a rule of exclude", ["field", "reason", .. conditions]);
            var set = entries.Where(e => conditions.Contains(e.Key)).ToList();
            if (set.Count != 1) throw Bad(item, $"a rule of exclude needs exactly one condition of {Listed(conditions)}; here are {set.Count}.");
            var field = entries.FirstOrDefault(e => e.Key == "field").Value ?? throw Bad(item, $"a rule of exclude needs a field, one of {Listed(RecordFields.Of(table.Kind).Select(f => f.Name))}.");
            var (condition, value) = set[0];
            var name = FieldNamed(table.Kind, field, Text(field, "field"));
            if (condition is "on_or_after" or "before" && !IsTime(name)) throw Bad(value, $"{condition} compares times; '{name}' is none.");
            var reason = entries.FirstOrDefault(e => e.Key == "reason").Value is { } given ? Text(given, "reason") : $"excluded by the mapping: {name} {condition.Replace('_', ' ')} {string.Join(", ", Texts(value, condition))}";
            var rule = new ExcludeRule { Field = name, Reason = reason };
            yield return condition switch
            {
                "starts_with" => rule with { StartsWith = Texts(value, condition) },
                "is" => rule with { Is = Texts(value, condition) },
                "matching" => rule with { Matching = Pattern(value, condition) },
                "not_matching" => rule with { NotMatching = Pattern(value, condition) },
                "on_or_after" => rule with { OnOrAfter = Day(value, condition) },
                _ => rule with { Before = Day(value, condition) },
            };
        }
    }

    private static bool IsTime(string field) => field is "at" or "responded_at";

    private SortedDictionary<string, string> Fields(TableMapping table, IReadOnlyDictionary<string, string> before, YamlNode node, string what)
    {
        var fields = new SortedDictionary<string, string>(before.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in Entries(Map(node, what), what, allowed: null))
            fields[FieldNamed(table.Kind, node, key)] = Text(value, key);
        return fields;
    }

    private SortedDictionary<string, IReadOnlyDictionary<string, string>> Values(TableMapping table, YamlNode node)
    {
        var fields = new SortedDictionary<string, IReadOnlyDictionary<string, string>>(table.Values.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in Entries(Map(node, "values"), "values", allowed: null))
        {
            var values = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (from, to) in Entries(Map(value, key), key, allowed: null)) values[from] = Text(to, from);
            fields[FieldNamed(table.Kind, value, key)] = values;
        }
        return fields;
    }

    private string FieldNamed(RecordKind kind, YamlNode where, string name) =>
        RecordFields.Of(kind).FirstOrDefault(f => f.IsCalled(name))?.Name
        ?? throw Bad(where, $"'{name}' is no field of {RecordFields.Section(kind)}. Its fields: {Listed(RecordFields.Of(kind).Select(f => f.Name))}.");

    private static SortedDictionary<string, string> With(IReadOnlyDictionary<string, string> before, string key, string value) =>
        new(before.ToDictionary(), StringComparer.Ordinal) { [key] = value };

    private string Currency(YamlNode node)
    {
        var code = Text(node, "currency");
        return code.Length == 3 && code.All(char.IsAsciiLetterUpper) ? code
            : throw Bad(node, $"currency is '{code}'; give an ISO 4217 code of three capitals, such as GBP, CNY or USD. Where a column holds it, write columns: {{currency: <that column>}}.");
    }

    private string EncodingName(YamlNode node)
    {
        var name = Text(node, "encoding");
        try
        {
            return DataFile.EncodingNamed(name).WebName;
        }
        catch (ArgumentException)
        {
            throw Bad(node, $"encoding '{name}' isn't known. Usual ones: utf-8, utf-16, windows-1252, iso-8859-1, gb18030, shift_jis.");
        }
    }

    private string? Delimiter(YamlNode node) => Text(node, "delimiter") switch
    {
        "tab" or "\t" => "\t",
        "comma" => ",",
        "semicolon" => ";",
        "whitespace" => "whitespace",
        "auto" => null,
        [var c and not '"' and not '\n' and not '\r' and < '\x80'] => c.ToString(),
        var other => throw Bad(node, $"delimiter is '{other}'; allowed are comma, semicolon, tab, whitespace, auto, or one ASCII character in quotes, such as \"|\"."),
    };

    private string DatePattern(YamlNode node, string pattern) => DateFormat.From(pattern) is not null ? pattern
        : throw Bad(node, $"'{pattern}' is no date pattern. Write iso, unix, unix_ms, or a pattern such as dd/MM/yyyy HH:mm:ss (yyyy year, MM month, dd day, HH hour, mm minute, ss second; where no year is written, behind it the year meant, as in MMMM d in 2016).");

    private char Mark(YamlNode node, string key) => Text(node, key) is [var mark and ('.' or ',' or ' ' or '\'' or '_')] ? mark
        : throw Bad(node, $"{key} is '{Text(node, key)}'; allowed are . , ' _ and a blank, in quotes.");

    private string Pattern(YamlNode node, string key)
    {
        var pattern = Text(node, key);
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return pattern;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw Bad(node, $"{key}: '{pattern}' is no regular expression that can be used here: {error.Message}");
        }
    }

    private bool Flag(YamlNode node, string key) => Choice(node, key, ("true", true), ("false", false));

    private T Choice<T>(YamlNode node, string key, params (string Word, T Value)[] choices)
    {
        var word = Text(node, key);
        foreach (var choice in choices)
            if (choice.Word == word) return choice.Value;
        throw Bad(node, $"{key} is '{word}'; allowed are {Listed(choices.Select(c => c.Word))}.");
    }

    private DateOnly Day(YamlNode node, string key) =>
        DateOnly.TryParseExact(Text(node, key), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw Bad(node, $"{key} is '{Text(node, key)}'; write a day as 2024-12-31.");

    private decimal Number(YamlNode node, string key) =>
        decimal.TryParse(Text(node, key), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw Bad(node, $"{key} is '{Text(node, key)}'; write a number above 0.");

    private string Text(YamlNode node, string key) => node is YamlScalarNode scalar ? scalar.Value ?? ""
        : throw Bad(node, $"{key} must be a single value.");

    private IReadOnlyList<string> Texts(YamlNode node, string key) => node is YamlSequenceNode list ? [.. list.Children.Select(n => Text(n, key))] : [Text(node, key)];

    private YamlMappingNode Map(YamlNode node, string what) => node as YamlMappingNode
        ?? throw Bad(node, $"{what} must be a list of keys with values, as in\n  key: value");

    private List<KeyValuePair<string, YamlNode>> Entries(YamlMappingNode map, string where, string[]? allowed)
    {
        var entries = new List<KeyValuePair<string, YamlNode>>();
        foreach (var (node, value) in map.Children)
        {
            var key = Text(node, "a key");
            if (allowed is not null && !allowed.Contains(key)) throw Bad(node, $"'{key}' isn't a key of {where}. Allowed: {Listed(allowed)}.");
            entries.Add(new(key, value));
        }
        return entries;
    }

    private MappingException Bad(YamlNode node, string message) => new(_file, node.Start.Line, message);

    private static string Listed(IEnumerable<string> words) => string.Join(", ", words);
}
