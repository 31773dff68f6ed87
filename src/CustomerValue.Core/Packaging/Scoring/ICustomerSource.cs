using CustomerValue.Features;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Customers' features, block by block: only a few blocks are in memory at a time, whatever the number of customers.</summary>
public interface ICustomerSource : IDisposable
{
    /// <summary>Rows of a full block: few enough that a column's array is collected young, many enough that what is done once a block costs nothing.</summary>
    const int BlockRows = 8192;

    /// <summary>What there is to read in all, in <see cref="Unit"/>; null where it isn't known.</summary>
    long? Total { get; }

    /// <summary>What progress is counted in: bytes, or rows.</summary>
    string Unit { get; }

    /// <summary>The customers' records and their cutoff, for models that read them; null where the source holds numbers only.</summary>
    (ICustomerRecords Records, DateOnly Cutoff)? Records => null;

    /// <summary>The next block, or null at the end. Asked by one thread at a time.</summary>
    ICustomerBlock? Next(CancellationToken cancellation);
}

/// <summary>A block as it was read; taking it apart is left to the thread that scores it.</summary>
public interface ICustomerBlock
{
    /// <summary>How much had been read when this block was, in the source's unit.</summary>
    long Read { get; }

    /// <summary>Takes the block apart.</summary>
    CustomerRows Parse();
}

/// <summary>Customers ready to be scored, and those who can't be.</summary>
/// <param name="Ids">[rows]: in the order of the source; may repeat.</param>
/// <param name="Columns">[columns][rows]: the columns that the package needs, in its order, finite.</param>
/// <param name="Lines">[rows]: where each row stands in the source, from 1.</param>
/// <param name="Text">A row as it stood in the source; empty where it has no text.</param>
/// <param name="Rejected">Rows that couldn't be read.</param>
public sealed record CustomerRows(string[] Ids, double[][] Columns, long[] Lines, Func<int, string> Text, IReadOnlyList<RejectedCustomer> Rejected);

/// <summary>A row that can't be scored.</summary>
/// <param name="Line">Where it stands in the source, from 1.</param>
/// <param name="Reason">In a few words; reports count by it.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Row">The row as it was; empty where it has no text.</param>
public sealed record RejectedCustomer(long Line, string Reason, string Detail, string Row);
