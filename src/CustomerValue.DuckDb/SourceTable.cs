using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>The warehouse's tables as relations that feature sets read.</summary>
internal static class SourceTable
{
    private static readonly RecordKind[] s_kinds = Enum.GetValues<RecordKind>();

    /// <summary>Whether a relation is one of the warehouse's tables.</summary>
    public static bool Is(string relation) => s_kinds.Any(kind => WarehouseTable.Of(kind).Name == relation);

    /// <summary>The statements that make the tables of some partitions readable by name.</summary>
    /// <param name="warehouse">The warehouse.</param>
    /// <param name="partitions">The partitions to see.</param>
    /// <param name="currency">Purchases in other currencies are left out, and contacts paid in others cost nothing; null keeps all as they are.</param>
    /// <param name="prefix">Stands before each name, where the names themselves are wanted for something else.</param>
    public static string Views(Warehouse warehouse, IReadOnlyList<int> partitions, string? currency, string prefix = "") =>
        string.Join(";\n", s_kinds.Select(kind => View(WarehouseTable.Of(kind), [.. partitions.SelectMany(p => warehouse.Files(kind, p))], currency, prefix)));

    private static string View(WarehouseTable table, IReadOnlyList<string> files, string? currency, string prefix)
    {
        if (files.Count == 0) return $"CREATE TEMP TABLE {prefix}{table.Name}({table.Columns})";
        var (columns, only) = (table.Name, currency) switch
        {
            ("purchases", not null) => ("*", $" WHERE currency = {Query.Literal(currency)}"),
            ("campaign_contacts", not null) => ($"* REPLACE (CASE WHEN currency = {Query.Literal(currency)} THEN cost ELSE 0 END AS cost)", ""),
            _ => ("*", ""),
        };
        return $"CREATE TEMP VIEW {prefix}{table.Name} AS SELECT {columns} FROM read_parquet([{string.Join(", ", files.Select(Query.Literal))}]){only}";
    }
}
