using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>How one kind of records is kept: the table's name, its columns and the order of its rows.</summary>
/// <param name="Name">Name of the table and of its folder.</param>
/// <param name="Columns">Columns with their types, as DuckDB writes them.</param>
/// <param name="Time">The column that tells when.</param>
/// <param name="Order">What rows are ordered by, after customer and time and before their place in the files.</param>
internal sealed record WarehouseTable(string Name, string Columns, string Time, string Order)
{
    private static readonly WarehouseTable[] s_all =
    [
        new("purchases", "customer_id VARCHAR, order_id VARCHAR, purchased_at TIMESTAMP, product_id VARCHAR, description VARCHAR, category VARCHAR, " +
            "quantity DECIMAL(18,3), unit_price DECIMAL(18,4), amount DECIMAL(18,4), currency VARCHAR, is_return BOOLEAN", "purchased_at", "order_id"),
        new("browsing_events", "customer_id VARCHAR, session_id VARCHAR, occurred_at TIMESTAMP, kind VARCHAR, product_id VARCHAR, query VARCHAR, dwell_seconds DOUBLE", "occurred_at", "session_id"),
        new("reviews", "customer_id VARCHAR, reviewed_at TIMESTAMP, product_id VARCHAR, stars TINYINT, text VARCHAR", "reviewed_at", "product_id"),
        new("dialogue_turns", "customer_id VARCHAR, dialogue_id VARCHAR, turn INTEGER, spoken_at TIMESTAMP, speaker VARCHAR, text VARCHAR", "spoken_at", "dialogue_id, turn"),
        new("campaign_contacts", "customer_id VARCHAR, campaign_id VARCHAR, contacted_at TIMESTAMP, treatment VARCHAR, channel VARCHAR, cost DECIMAL(18,4), currency VARCHAR, responded_at TIMESTAMP", "contacted_at", "campaign_id"),
    ];

    /// <summary>Names of the columns, separated by commas.</summary>
    public string ColumnNames { get; } = string.Join(", ", System.Text.RegularExpressions.Regex.Matches(Columns, @"(\w+) [A-Z]+(\(\d+,\d+\))?").Select(m => m.Groups[1].Value));

    /// <summary>The table that keeps records of a kind.</summary>
    public static WarehouseTable Of(RecordKind kind) => s_all[(int)kind];

    /// <summary>The kind that a table keeps.</summary>
    public static RecordKind Kind(string name) => (RecordKind)Array.FindIndex(s_all, t => t.Name == name);
}
