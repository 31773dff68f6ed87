namespace CustomerValue.Features;

/// <summary>One line of the feature catalogue.</summary>
/// <param name="Name">Column name, snake_case.</param>
/// <param name="Unit">Unit of the values: weeks, days, orders, currency, share, count, flag, nats.</param>
/// <param name="Meaning">What the value says, in a sentence a marketer understands, with the value used where nothing is known.</param>
/// <param name="Set">The feature set (the .sql file's name) that it comes from.</param>
public sealed record FeatureInfo(string Name, string Unit, string Meaning, string Set);
