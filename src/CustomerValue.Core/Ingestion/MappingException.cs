namespace CustomerValue.Ingestion;

/// <summary>A mapping file that can't be followed; the message names the file, the line and the key, and says what is allowed there.</summary>
public sealed class MappingException(string file, long line, string message)
    : Exception(line > 0 ? FormattableString.Invariant($"{file}, line {line}: {message}") : $"{file}: {message}");
