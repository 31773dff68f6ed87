using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>One Parquet file of a warehouse. Files are written once and never changed.</summary>
/// <param name="Table">What its rows are.</param>
/// <param name="Partition">The partition of its customers, from 0.</param>
/// <param name="Path">Where it lies, relative to the warehouse's folder, with forward slashes.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="LoadId">The load that wrote it.</param>
/// <param name="HashSum">Sum of its row hashes, as a decimal number: the share of the file in the warehouse's fingerprint.</param>
/// <param name="HashXor">Exclusive or of its row hashes.</param>
public sealed record WarehouseFile(RecordKind Table, int Partition, string Path, long Rows, string LoadId, string HashSum, ulong HashXor);
