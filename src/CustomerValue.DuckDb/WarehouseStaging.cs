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
        var row = Begin(RecordKind.Purchases, p.CustomerId);
        row.Text(p.OrderId);
        row.Time(p.At);
        row.Text(p.ProductId);
        row.Text(p.Description);
        row.Text(p.Category);
        row.Long((long)(p.Quantity * 1_000));
        row.Derived((long)decimal.Round(p.UnitPrice * 10_000));
        row.Long((long)(p.Amount.Amount * 10_000));
        row.Text(p.Currency);
        row.Flag(p.IsReturn);
        row.End(file);
    }

    private void Add(BrowsingEvent e, int file)
    {
        var row = Begin(RecordKind.BrowsingEvents, e.CustomerId);
        row.Text(e.SessionId);
        row.Time(e.At);
        row.Text(e.Kind);
        row.Text(e.ProductId);
        row.Text(e.Query);
        row.Double(e.DwellSeconds);
        row.End(file);
    }

    private void Add(Review r, int file)
    {
        var row = Begin(RecordKind.Reviews, r.CustomerId);
        row.Time(r.At);
        row.Text(r.ProductId);
        row.Byte((byte)r.Stars);
        row.Text(r.Text);
        row.End(file);
    }

    private void Add(DialogueTurn t, int file)
    {
        var row = Begin(RecordKind.DialogueTurns, t.CustomerId);
        row.Text(t.DialogueId);
        row.Int(t.Turn);
        row.Time(t.At);
        row.Text(t.Speaker);
        row.Text(t.Text);
        row.End(file);
    }

    private void Add(CampaignContact c, int file)
    {
        var row = Begin(RecordKind.CampaignContacts, c.CustomerId);
        row.Text(c.CampaignId);
        row.Time(c.At);
        row.Text(c.Treatment);
        row.Text(c.Channel);
        row.Long((long)(c.Cost.Amount * 10_000));
        row.Text(c.Cost.Currency);
        row.Time(c.RespondedAt);
        row.End(file);
    }

    private Row Begin(RecordKind kind, string customer)
    {
        if (customer != _customer) (_customer, _partition) = (customer, Warehouse.PartitionOf(customer, _partitions));
        return new(_writers[(int)kind, _partition] ??= Create(kind, _partition), customer);
    }

    private TableWriter Create(RecordKind kind, int partition)
    {
        var table = Table(kind, partition);
        _connection.Run($"CREATE TABLE {table}({WarehouseTable.Of(kind).Columns}, row_hash UBIGINT, file INTEGER)");
        return new(_connection, table);
    }

    /// <summary>A row that begins with its customer: each value goes into the next column and into the hash that tells a row met before.</summary>
    private ref struct Row
    {
        private readonly TableWriter _writer;
        private StableHash _hash;

        public Row(TableWriter writer, string customer)
        {
            (_writer, _hash) = (writer, new());
            Text(customer);
        }

        public void Text(string value)
        {
            _writer.Text(value);
            _hash.Add(value);
        }

        public void Time(DateTime value)
        {
            _writer.Time(value);
            _hash.Add(value.Ticks);
        }

        public void Time(DateTime? value)
        {
            if (value is { } known)
            {
                Time(known);
                return;
            }
            _writer.Null();
            _hash.Add(-1L);
        }

        public void Long(long value)
        {
            _writer.Long(value);
            _hash.Add(value);
        }

        /// <summary>What follows from other columns, and so isn't hashed.</summary>
        public readonly void Derived(long value) => _writer.Long(value);

        public void Int(int value)
        {
            _writer.Int(value);
            _hash.Add((long)value);
        }

        public void Byte(byte value)
        {
            _writer.Byte(value);
            _hash.Add((long)value);
        }

        public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

        public void Double(double value)
        {
            _writer.Double(value);
            _hash.Add(BitConverter.DoubleToInt64Bits(value));
        }

        public readonly void End(int file)
        {
            _writer.Long(unchecked((long)_hash.Value));
            _writer.Int(file);
            _writer.EndRow();
        }
    }
}
