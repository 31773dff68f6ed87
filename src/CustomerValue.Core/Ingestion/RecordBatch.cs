namespace CustomerValue.Ingestion;

/// <summary>Some hundred to some thousand records of one kind from one file, in file order, with the lines they came from.</summary>
public abstract class RecordBatch(RecordKind kind, int file)
{
    /// <summary>Most records of one batch.</summary>
    internal const int Capacity = 4096;

    /// <summary>What the records are.</summary>
    public RecordKind Kind { get; } = kind;

    /// <summary>Position of the file in <see cref="Dataset.Files"/>.</summary>
    public int File { get; } = file;

    /// <summary>[Count]: the line that each record starts on, from 1.</summary>
    public long[] Lines { get; } = new long[Capacity];

    /// <summary>Number of records.</summary>
    public int Count { get; protected set; }
}

/// <summary>A batch of records of type <typeparamref name="T"/>.</summary>
public sealed class RecordBatch<T> : RecordBatch
{
    private readonly T[] _records = new T[Capacity];

    internal RecordBatch(RecordKind kind, int file) : base(kind, file) { }

    /// <summary>[Count]</summary>
    public ReadOnlySpan<T> Records => _records.AsSpan(0, Count);

    internal bool IsFull => Count == Capacity;

    internal void Add(T record, long line)
    {
        (_records[Count], Lines[Count]) = (record, line);
        Count++;
    }
}
