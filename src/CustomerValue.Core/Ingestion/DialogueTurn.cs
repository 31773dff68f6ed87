namespace CustomerValue.Ingestion;

/// <summary>One turn of a service chat.</summary>
/// <param name="CustomerId">Pseudonymous customer id.</param>
/// <param name="DialogueId">The chat that the turn belongs to.</param>
/// <param name="Turn">Position in the chat, from 1.</param>
/// <param name="At">When, in the shop's local time.</param>
/// <param name="Speaker">Who speaks: customer or agent.</param>
/// <param name="Text">What was said.</param>
public sealed record DialogueTurn(string CustomerId, string DialogueId, int Turn, DateTime At, string Speaker, string Text);
