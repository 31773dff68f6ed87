namespace CustomerValue.Notebooks;

/// <summary>A variable of a session.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type that it was declared with.</param>
/// <param name="Value">What it holds now.</param>
public sealed record SessionVariable(string Name, Type Type, object? Value);
