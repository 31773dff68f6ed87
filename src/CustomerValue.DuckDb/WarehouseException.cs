namespace CustomerValue.DuckDb;

/// <summary>A warehouse that can't do what was asked; the message says why and what to do.</summary>
public sealed class WarehouseException(string message, Exception? inner = null) : Exception(message, inner);
