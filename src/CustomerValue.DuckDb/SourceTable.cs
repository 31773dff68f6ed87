namespace CustomerValue.DuckDb;

/// <summary>The warehouse tables that feature sets read, as relations over their Parquet files.</summary>
internal static class SourceTable
{
    private static readonly Dictionary<string, string> s_columns = new(StringComparer.Ordinal)
    {
        ["purchases"] = "customer_id VARCHAR, order_id VARCHAR, purchased_at TIMESTAMP, product_id VARCHAR, description VARCHAR, category VARCHAR, "
            + "quantity DECIMAL(18,3), unit_price DECIMAL(18,4), amount DECIMAL(18,4), currency VARCHAR, is_return BOOLEAN",
        ["browsing_events"] = "customer_id VARCHAR, session_id VARCHAR, occurred_at TIMESTAMP, kind VARCHAR, product_id VARCHAR, query VARCHAR, dwell_seconds DOUBLE",
        ["campaign_contacts"] = "customer_id VARCHAR, campaign_id VARCHAR, contacted_at TIMESTAMP, treatment VARCHAR, channel VARCHAR, "
            + "cost DECIMAL(18,4), currency VARCHAR, responded_at TIMESTAMP",
    };

    /// <summary>Names of the tables.</summary>
    public static IReadOnlyCollection<string> Names => s_columns.Keys;

    /// <summary>The statement that makes <paramref name="table"/> a view over <paramref name="files"/>.</summary>
    /// <param name="table">One of <see cref="Names"/>.</param>
    /// <param name="files">Its Parquet files; with none the view is empty.</param>
    /// <param name="currency">Purchases in other currencies are left out, and contacts paid in others cost nothing; null keeps all as they are.</param>
    public static string View(string table, IEnumerable<PartitionFile> files, string? currency)
    {
        var paths = string.Join(", ", files.Where(f => f.Table == table).Select(f => Quote(f.Path)));
        if (paths.Length == 0)
        {
            var empty = s_columns[table].Split(", ").Select(column => column.Split(' ', 2)).Select(part => $"CAST(NULL AS {part[1]}) AS {part[0]}");
            return $"CREATE TEMP VIEW {table} AS SELECT {string.Join(", ", empty)} WHERE false";
        }
        var (columns, only) = (table, currency) switch
        {
            ("purchases", not null) => ("*", $" WHERE currency = {Quote(currency)}"),
            ("campaign_contacts", not null) => ($"* REPLACE (CASE WHEN currency = {Quote(currency)} THEN cost ELSE 0 END AS cost)", ""),
            _ => ("*", ""),
        };
        return $"CREATE TEMP VIEW {table} AS SELECT {columns} FROM read_parquet([{paths}]){only}";
    }

    /// <summary>A text as an SQL literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
