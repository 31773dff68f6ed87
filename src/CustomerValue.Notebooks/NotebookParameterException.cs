namespace CustomerValue.Notebooks;

/// <summary>A run was told a parameter that its notebook doesn't know, or a value that doesn't fit; the message says what would.</summary>
public sealed class NotebookParameterException(string message) : Exception(message);
