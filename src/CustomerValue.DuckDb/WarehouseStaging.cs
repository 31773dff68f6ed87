using System.Globalization;
using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>Holds the records of a load, one table a kind and partition, in memory and beyond the limit on disk, until they are written out.</summary>
internal sealed class WarehouseStaging : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly TableWriter?[,] _writers;                    // [kinds, partitions]
    private readonly int _partitions;
    private string _customer = "";
    private int _partition;

    public WarehouseStaging(int partitions, WarehouseOptions options, string temporary)
    {
        _partitions = partitions;
        _writers = new TableWriter?[Enum.GetValues<RecordKind>().Length, partitions];
        _connection.Open();
        // One thread a connection: the order of rows, and with it the bytes written, can't depend on how work is shared out.
        _connection.Run("SET threads = 1");
        _connection.Run($"SET memory_limit = {Query.Literal(options.Memory)}");
        _connection.Run($"SET temp_directory = {Query.Literal(temporary)}");
    }

    /// <summary>Whether any records of a kind came for a partition.</summary>
    public bool Has(RecordKind kind, int partition) => _writers[(int)kind, partition] is not null;

    /// <summary>The table that holds a kind of records of a partition, in the order in which they came: its columns are those of the warehouse's table, and row_hash and file.</summary>
    public static string Table(RecordKind kind, int partition) => string.Create(CultureInfo.InvariantCulture, $"staged_{WarehouseTable.Of(kind).Name}_{partition}");

    /// <summary>Another connection to the same records, for another thread.</summary>
    public DuckDBConnection Connect()
    {
        var connection = _connection.Duplicate();
        connection.Open();
        return connection;
    }

    public void Add(RecordBatch batch)
    {
        switch (batch)
        {
            case RecordBatch<Purchase> purchases:
                foreach (var purchase in purchases.Records) Add(purchase, batch.File);
                break;
            case RecordBatch<BrowsingEvent> events:
                foreach (var happened in events.Records) Add(happened, batch.File);
                break;
            case RecordBatch<Review> reviews:
                foreach (var review in reviews.Records) Add(review, batch.File);
                break;
            case RecordBatch<DialogueTurn> turns:
                foreach (var turn in turns.Records) Add(turn, batch.File);
                break;
            case RecordBatch<CampaignContact> contacts:
                foreach (var contact in contacts.Records) Add(contact, batch.File);
                break;
            default: throw new ArgumentException($"Records of kind {batch.Kind} have no table.", nameof(batch));
        }
    }

    /// <summary>Ends adding; from here on the records are read.</summary>
    public void Complete()
    {
        foreach (var writer in _writers) writer?.Close();
    }

    public void Dispose()
    {
        foreach (var writer in _writers) writer?.Dispose();
        _connection.Dispose();
    }

    private void Add(Purchase p, int file)
    {
        var writer = Begin(RecordKind.Purchases, p.CustomerId, out var hash);
        var (quantity, amount) = ((long)(p.Quantity * 1_000), (long)(p.Amount.Amount * 10_000));
        writer.Text(p.CustomerId);
        writer.Text(p.OrderId);
        writer.Time(p.At);
        writer.Text(p.ProductId);
        writer.Text(p.Description);
        writer.Text(p.Category);
        writer.Long(quantity);
        writer.Long((long)decimal.Round(p.UnitPrice * 10_000));
        writer.Long(amount);
        writer.Text(p.Currency);
        writer.Byte(p.IsReturn ? (byte)1 : (byte)0);
        hash.Add(p.OrderId);
        hash.Add(p.At.Ticks);
        hash.Add(p.ProductId);
        hash.Add(p.Description);
        hash.Add(p.Category);
        hash.Add(quantity);
        hash.Add(amount);
        hash.Add(p.Currency);
        hash.Add(p.IsReturn ? 1L : 0L);
        End(writer, hash, file);
    }

    private void Add(BrowsingEvent e, int file)
    {
        var writer = Begin(RecordKind.BrowsingEvents, e.CustomerId, out var hash);
        writer.Text(e.CustomerId);
        writer.Text(e.SessionId);
        writer.Time(e.At);
        writer.Text(e.Kind);
        writer.Text(e.ProductId);
        writer.Text(e.Query);
        writer.Double(e.DwellSeconds);
        hash.Add(e.SessionId);
        hash.Add(e.At.Ticks);
        hash.Add(e.Kind);
        hash.Add(e.ProductId);
        hash.Add(e.Query);
        hash.Add(BitConverter.DoubleToInt64Bits(e.DwellSeconds));
        End(writer, hash, file);
    }

    private void Add(Review r, int file)
    {
        var writer = Begin(RecordKind.Reviews, r.CustomerId, out var hash);
        writer.Text(r.CustomerId);
        writer.Time(r.At);
        writer.Text(r.ProductId);
        writer.Byte((byte)r.Stars);
        writer.Text(r.Text);
        hash.Add(r.At.Ticks);
        hash.Add(r.ProductId);
        hash.Add((long)r.Stars);
        hash.Add(r.Text);
        End(writer, hash, file);
    }

    private void Add(DialogueTurn t, int file)
    {
        var writer = Begin(RecordKind.DialogueTurns, t.CustomerId, out var hash);
        writer.Text(t.CustomerId);
        writer.Text(t.DialogueId);
        writer.Int(t.Turn);
        writer.Time(t.At);
        writer.Text(t.Speaker);
        writer.Text(t.Text);
        hash.Add(t.DialogueId);
        hash.Add((long)t.Turn);
        hash.Add(t.At.Ticks);
        hash.Add(t.Speaker);
        hash.Add(t.Text);
        End(writer, hash, file);
    }

    private void Add(CampaignContact c, int file)
    {
        var writer = Begin(RecordKind.CampaignContacts, c.CustomerId, out var hash);
        var cost = (long)(c.Cost.Amount * 10_000);
        writer.Text(c.CustomerId);
        writer.Text(c.CampaignId);
        writer.Time(c.At);
        writer.Text(c.Treatment);
        writer.Text(c.Channel);
        writer.Long(cost);
        writer.Text(c.Cost.Currency);
        if (c.RespondedAt is { } responded) writer.Time(responded);
        else writer.Null();
        hash.Add(c.CampaignId);
        hash.Add(c.At.Ticks);
        hash.Add(c.Treatment);
        hash.Add(c.Channel);
        hash.Add(cost);
        hash.Add(c.Cost.Currency);
        hash.Add(c.RespondedAt?.Ticks ?? -1L);
        End(writer, hash, file);
    }

    private TableWriter Begin(RecordKind kind, string customer, out StableHash hash)
    {
        if (customer != _customer) (_customer, _partition) = (customer, Warehouse.PartitionOf(customer, _partitions));
        hash = new StableHash();
        hash.Add(customer);
        return _writers[(int)kind, _partition] ??= Create(kind, _partition);
    }

    private static void End(TableWriter writer, StableHash hash, int file)
    {
        writer.Long(unchecked((long)hash.Value));
        writer.Int(file);
        writer.EndRow();
    }

    private TableWriter Create(RecordKind kind, int partition)
    {
        var table = Table(kind, partition);
        _connection.Run($"CREATE TABLE {table}({WarehouseTable.Of(kind).Columns}, row_hash UBIGINT, file INTEGER)");
        return new(_connection, table);
    }
}
