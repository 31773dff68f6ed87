namespace CustomerValue.Simulation.Texts;

/// <summary>What a text is written from: what its writer chose to tell of how they feel. Nobody who only reads can know more of it.</summary>
/// <param name="Mood">From -2 (very poor) to 2 (very good), 0 for neither; null where nothing is told of it.</param>
/// <param name="Loyalty">From -2 (very low) to 2 (very high), likewise.</param>
/// <param name="Intent">What is meant to be done next; null where nothing is told of it.</param>
internal readonly record struct Told(int? Mood, int? Loyalty, Intent? Intent);
