using CustomerValue.Features;
using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>The records of a warehouse's customers, read partition by partition; whatever the cutoff leaves out never leaves the files.</summary>
/// <param name="warehouse">The warehouse.</param>
/// <param name="options">Memory, threads, and the currency.</param>
/// <param name="currency">The currency to read at a cutoff.</param>
internal sealed class WarehouseRecords(Warehouse warehouse, FeatureOptions options, Func<DateOnly, CancellationToken, string> currency) : ICustomerRecords
{
    /// <inheritdoc/>
    public IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default)
    {
        var only = currency(cutoff, cancellation);
        var rows = new Dictionary<string, int>(customerIds.Count, StringComparer.Ordinal);
        for (var row = 0; row < customerIds.Count; row++) rows.Add(customerIds[row], row);
        var found = new CustomerHistory?[customerIds.Count];
        using var workers = new Workers(options, Path.GetTempPath(), cancellation);
        // Records lie by customer only within a partition, so what is asked of few customers still reads the files of all.
        var units = FeatureUnit.Plan(warehouse, options.RecordsPerUnit, "");
        workers.ForEach(units.Count, (session, unit) =>
        {
            session.Run(SourceTable.Views(warehouse, units[unit].Partitions, only));
            var purchases = Read(session, RecordKind.Purchases, cutoff, rows, WarehouseRow.Purchase, p => p.CustomerId);
            var browsing = Read(session, RecordKind.BrowsingEvents, cutoff, rows, WarehouseRow.Event, b => b.CustomerId);
            var reviews = Read(session, RecordKind.Reviews, cutoff, rows, WarehouseRow.Review, r => r.CustomerId);
            var dialogues = Read(session, RecordKind.DialogueTurns, cutoff, rows, WarehouseRow.Turn, d => d.CustomerId);
            var contacts = Read(session, RecordKind.CampaignContacts, cutoff, rows, WarehouseRow.Contact, c => c.CustomerId);
            foreach (var id in purchases.Select(g => g.Key).Union(browsing.Select(g => g.Key)).Union(reviews.Select(g => g.Key)).Union(dialogues.Select(g => g.Key)).Union(contacts.Select(g => g.Key)))
                found[rows[id]] = CustomerHistory.At(id, cutoff, purchases[id], browsing[id], reviews[id], dialogues[id], contacts[id]);
        });
        return [.. found.Select((history, row) => history ?? new(customerIds[row], [], [], [], [], []))];
    }

    private static ILookup<string, T> Read<T>(Session session, RecordKind kind, DateOnly cutoff, Dictionary<string, int> rows, Func<DuckDBDataReader, T> read, Func<T, string> customer)
    {
        var table = WarehouseTable.Of(kind);
        return session.Rows($"SELECT {table.ColumnNames} FROM {table.Name} WHERE {table.Time} < $cutoff", r => rows.ContainsKey(r.GetString(0)) ? [read(r)] : Array.Empty<T>(), ("cutoff", cutoff))
            .SelectMany(one => one).ToLookup(customer, StringComparer.Ordinal);
    }
}
