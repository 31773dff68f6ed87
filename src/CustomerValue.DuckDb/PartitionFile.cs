namespace CustomerValue.DuckDb;

/// <summary>One Parquet file of a warehouse.</summary>
/// <param name="Table">The table it holds records of.</param>
/// <param name="Partition">The hash partition of its customers.</param>
/// <param name="Path">Full path.</param>
/// <param name="Rows">Records in it.</param>
internal sealed record PartitionFile(string Table, int Partition, string Path, long Rows);
