namespace CustomerValue.Ingestion;

/// <summary>A file that isn't the table it should be; the message says what was found, what was expected and what to do.</summary>
public sealed class TableRefusedException(string file, string message) : Exception($"{file}: {message}");
