namespace CustomerValue.Simulation.Texts;

/// <summary>What a customer means to do next; moves the order and dropout rates for a while.</summary>
internal enum Intent
{
    Open, Restock, Leave,
}

/// <summary>The latent state that a text is written from, at its moment.</summary>
/// <param name="Mood">M: 0 is neutral, above is good; decays within months.</param>
/// <param name="Loyalty">L: 0 is average; changes slowly.</param>
/// <param name="Intent">J: what the customer means to do next.</param>
/// <param name="Experience">e: how the last order went; 0 is as expected.</param>
internal readonly record struct Feeling(double Mood, double Loyalty, Intent Intent, double Experience);
