namespace CustomerValue.Simulation.Texts;

/// <summary>What a statement is about: five sides of an order, how a chat ended, three sides of the writer, and what an agent will do.</summary>
internal enum Topic
{
    Quality, Delivery, Packing, Price, Service, Outcome, Mood, Loyalty, Intent, Agent,
}

/// <summary>The symbols of a grammar that a statement about one topic is made from; -1 where the topic has none.</summary>
/// <param name="Subject">What is spoken of.</param>
/// <param name="Up">Words of the good pole.</param>
/// <param name="Down">Words of the bad pole.</param>
/// <param name="Same">Frames that say what their word says.</param>
/// <param name="Turned">Frames that say the opposite of their word.</param>
/// <param name="SameStrong">The same as <paramref name="Same"/>, with weight.</param>
/// <param name="TurnedStrong">The same as <paramref name="Turned"/>, with weight.</param>
/// <param name="Fair">Frames that say neither.</param>
/// <param name="SameShare">Share of the frames that are of <paramref name="Same"/>, so that words of both poles stand for good equally often; the others are <paramref name="Turned"/>.</param>
/// <param name="SameStrongShare">The same among those with weight.</param>
internal readonly record struct Frames(int Subject, int Up, int Down, int Same, int Turned, int SameStrong, int TurnedStrong, int Fair, double SameShare, double SameStrongShare);
