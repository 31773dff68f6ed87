using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>Holds the records of a load, in memory and beyond the limit on disk, until they are written out by partition.</summary>
internal sealed class WarehouseStaging : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly DuckDBAppender?[] _appenders = new DuckDBAppender?[Enum.GetValues<RecordKind>().Length];
    private readonly int _partitions;
    private string _customer = "";
    private int _partition;

    public WarehouseStaging(int partitions, WarehouseOptions options, string temporary)
    {
        _partitions = partitions;
        _connection.Open();
        // One thread a connection: the order of rows, and with it the bytes written, can't depend on how work is shared out.
        _connection.Run("SET threads = 1");
        _connection.Run($"SET memory_limit = {Query.Literal(options.Memory)}");
        _connection.Run($"SET temp_directory = {Query.Literal(temporary)}");
    }

    /// <summary>The kinds of records that came.</summary>
    public IEnumerable<RecordKind> Kinds => Enum.GetValues<RecordKind>().Where(k => _appenders[(int)k] is not null);

    /// <summary>The table that holds a kind of records.</summary>
    public static string Table(RecordKind kind) => $"staged_{WarehouseTable.Of(kind).Name}";

    /// <summary>Another connection to the same records, for another thread.</summary>
    public DuckDBConnection Connect()
    {
        var connection = _connection.Duplicate();
        connection.Open();
        return connection;
    }

    public void Add(RecordBatch batch)
    {
        var appender = _appenders[(int)batch.Kind] ??= Appender(batch.Kind);
        for (var i = 0; i < batch.Count; i++)
        {
            var row = appender.CreateRow();
            var hash = batch switch
            {
                RecordBatch<Purchase> purchases => Append(row, purchases.Records[i]),
                RecordBatch<BrowsingEvent> events => Append(row, events.Records[i]),
                RecordBatch<Review> reviews => Append(row, reviews.Records[i]),
                RecordBatch<DialogueTurn> turns => Append(row, turns.Records[i]),
                RecordBatch<CampaignContact> contacts => Append(row, contacts.Records[i]),
                _ => throw new ArgumentException($"Records of kind {batch.Kind} have no table.", nameof(batch)),
            };
            row.AppendValue(hash).AppendValue(batch.File).AppendValue(batch.Lines[i]).AppendValue(_partition).EndRow();
        }
    }

    /// <summary>Ends adding; from here on the records are read.</summary>
    public void Complete()
    {
        foreach (var appender in _appenders) appender?.Close();
    }

    public void Dispose()
    {
        foreach (var appender in _appenders) appender?.Dispose();
        _connection.Dispose();
    }

    private DuckDBAppender Appender(RecordKind kind)
    {
        _connection.Run($"CREATE TABLE {Table(kind)}({WarehouseTable.Of(kind).Columns}, row_hash UBIGINT, file INTEGER, line BIGINT, part INTEGER)");
        return _connection.CreateAppender(Table(kind));
    }

    private StableHash Start(string customer)
    {
        if (customer != _customer) (_customer, _partition) = (customer, Warehouse.PartitionOf(customer, _partitions));
        var hash = new StableHash();
        hash.Add(customer);
        return hash;
    }

    private ulong Append(IDuckDBAppenderRow row, Purchase p)
    {
        var amount = p.Amount.Amount;
        row.AppendValue(p.CustomerId).AppendValue(p.OrderId).AppendValue(p.At).AppendValue(p.ProductId).AppendValue(p.Description).AppendValue(p.Category)
            .AppendValue(p.Quantity).AppendValue(decimal.Round(p.UnitPrice, 4)).AppendValue(amount).AppendValue(p.Currency).AppendValue(p.IsReturn);
        var hash = Start(p.CustomerId);
        hash.Add(p.OrderId);
        hash.Add(p.At.Ticks);
        hash.Add(p.ProductId);
        hash.Add(p.Description);
        hash.Add(p.Category);
        hash.Add((long)(p.Quantity * 1000));
        hash.Add((long)(amount * 10000));
        hash.Add(p.Currency);
        hash.Add(p.IsReturn ? 1L : 0L);
        return hash.Value;
    }

    private ulong Append(IDuckDBAppenderRow row, BrowsingEvent e)
    {
        row.AppendValue(e.CustomerId).AppendValue(e.SessionId).AppendValue(e.At).AppendValue(e.Kind).AppendValue(e.ProductId).AppendValue(e.Query).AppendValue(e.DwellSeconds);
        var hash = Start(e.CustomerId);
        hash.Add(e.SessionId);
        hash.Add(e.At.Ticks);
        hash.Add(e.Kind);
        hash.Add(e.ProductId);
        hash.Add(e.Query);
        hash.Add(BitConverter.DoubleToInt64Bits(e.DwellSeconds));
        return hash.Value;
    }

    private ulong Append(IDuckDBAppenderRow row, Review r)
    {
        row.AppendValue(r.CustomerId).AppendValue(r.At).AppendValue(r.ProductId).AppendValue((sbyte)r.Stars).AppendValue(r.Text);
        var hash = Start(r.CustomerId);
        hash.Add(r.At.Ticks);
        hash.Add(r.ProductId);
        hash.Add((long)r.Stars);
        hash.Add(r.Text);
        return hash.Value;
    }

    private ulong Append(IDuckDBAppenderRow row, DialogueTurn t)
    {
        row.AppendValue(t.CustomerId).AppendValue(t.DialogueId).AppendValue(t.Turn).AppendValue(t.At).AppendValue(t.Speaker).AppendValue(t.Text);
        var hash = Start(t.CustomerId);
        hash.Add(t.DialogueId);
        hash.Add((long)t.Turn);
        hash.Add(t.At.Ticks);
        hash.Add(t.Speaker);
        hash.Add(t.Text);
        return hash.Value;
    }

    private ulong Append(IDuckDBAppenderRow row, CampaignContact c)
    {
        row.AppendValue(c.CustomerId).AppendValue(c.CampaignId).AppendValue(c.At).AppendValue(c.Treatment).AppendValue(c.Channel).AppendValue(c.Cost.Amount).AppendValue(c.Cost.Currency);
        if (c.RespondedAt is { } responded) row.AppendValue(responded);
        else row.AppendNullValue();
        var hash = Start(c.CustomerId);
        hash.Add(c.CampaignId);
        hash.Add(c.At.Ticks);
        hash.Add(c.Treatment);
        hash.Add(c.Channel);
        hash.Add((long)(c.Cost.Amount * 10000));
        hash.Add(c.Cost.Currency);
        hash.Add(c.RespondedAt?.Ticks ?? -1L);
        return hash.Value;
    }
}
