namespace CustomerValue.Ingestion;

/// <summary>How a shop's files become records: which files feed which kind, how their columns are called and how values are written.</summary>
/// <param name="Name">Name of the data set.</param>
/// <param name="Tables">One entry for each group of files of one layout; files are read in this order.</param>
public sealed record SourceMapping(string Name, IReadOnlyList<TableMapping> Tables);

/// <summary>How the files of one layout become records of one kind.</summary>
public sealed record TableMapping
{
    /// <summary>What the rows are.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>File names inside the data folder, * and ? allowed; empty for the section's own name with any known ending.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The file inside a zip archive that holds more than one; null otherwise.</summary>
    public string? Entry { get; init; }

    /// <summary>Character encoding, by its IANA name.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>One character, or <c>whitespace</c> for runs of blanks; null to go by the file's ending (.tsv and .tab: tab; others: comma).</summary>
    public string? Delimiter { get; init; }

    /// <summary>Whether the first record names the columns; without, columns are numbered from 1.</summary>
    public bool Header { get; init; } = true;

    /// <summary>Date patterns, tried in this order.</summary>
    public IReadOnlyList<string> Dates { get; init; } = ["iso"];

    /// <summary>The decimal mark.</summary>
    public char Decimal { get; init; } = '.';

    /// <summary>The mark between groups of three digits; null for none.</summary>
    public char? Thousands { get; init; }

    /// <summary>Whether numbers with more decimals than the warehouse keeps (4, quantities 3) are rounded; otherwise their rows are rejected.</summary>
    public bool Round { get; init; }

    /// <summary>Field to column: a name, or a number from 1 where there is no header. Fields not listed are looked for under their own names.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new SortedDictionary<string, string>();

    /// <summary>Field to a value that holds for every row.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new SortedDictionary<string, string>();

    /// <summary>Field to (the shop's value, letter case ignored, to the value meant).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Values { get; init; } = new SortedDictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>How returns are told from orders where no column is_return says so.</summary>
    public ReturnRule Returns { get; init; } = new();

    /// <summary>Where an order's id comes from.</summary>
    public OrderNaming Orders { get; init; } = OrderNaming.Column;

    /// <summary>Whether all lines of an order get the time of its first line.</summary>
    public bool OrderTimeOfFirstLine { get; init; }

    /// <summary>Rows that are left out on purpose, each with its reason.</summary>
    public IReadOnlyList<ExcludeRule> Exclude { get; init; } = [];

    /// <summary>First day that a time may fall on; an earlier one is taken for a mistake.</summary>
    public DateOnly Earliest { get; init; } = new(1990, 1, 1);

    /// <summary>Last day that a time may fall on.</summary>
    public DateOnly Latest { get; init; } = new(2099, 12, 31);

    /// <summary>Largest quantity of a line, sign aside; a larger one is taken for a mistake.</summary>
    public decimal LargestQuantity { get; init; } = 1_000_000;

    /// <summary>Largest price or cost, sign aside; a larger one is taken for a mistake.</summary>
    public decimal LargestPrice { get; init; } = 1_000_000_000;
}

/// <summary>How a line is known to be a refund or cancellation. Where both parts are set, either will do.</summary>
/// <param name="OrderPrefix">Order ids that start so are returns; empty for no such rule.</param>
/// <param name="NegativeQuantity">A negative quantity or amount is a return.</param>
public sealed record ReturnRule(string OrderPrefix = "", bool NegativeQuantity = true);

/// <summary>Where an order's id comes from.</summary>
public enum OrderNaming
{
    /// <summary>A column holds it.</summary>
    Column,

    /// <summary>There is none: every line is an order of its own.</summary>
    PerLine,
}

/// <summary>Leaves rows out by the value of one field. Of the conditions exactly one is set.</summary>
public sealed record ExcludeRule
{
    /// <summary>The field whose value decides.</summary>
    public required string Field { get; init; }

    /// <summary>Why such rows are left out; the reason in reports and reject files.</summary>
    public required string Reason { get; init; }

    /// <summary>Leaves out values that start with one of these.</summary>
    public IReadOnlyList<string> StartsWith { get; init; } = [];

    /// <summary>Leaves out exactly these values.</summary>
    public IReadOnlyList<string> Is { get; init; } = [];

    /// <summary>Leaves out values that this regular expression doesn't match; null for no such condition.</summary>
    public string? NotMatching { get; init; }

    /// <summary>Leaves out values that this regular expression matches; null for no such condition.</summary>
    public string? Matching { get; init; }

    /// <summary>Leaves out times on or after this day.</summary>
    public DateOnly? OnOrAfter { get; init; }

    /// <summary>Leaves out times before this day.</summary>
    public DateOnly? Before { get; init; }
}
