namespace CustomerValue.Features;

/// <summary>What a customer wrote before a cutoff: a review, or their own turns of a chat.</summary>
/// <param name="At">When; of a chat, the customer's last turn that was read.</param>
/// <param name="Text">The words; of a chat, the customer's turns, one a line.</param>
/// <param name="AgentSpoke">Whether an agent said anything in the chat by then; never in a review.</param>
/// <param name="Answered">Whether an agent spoke after the customer's last turn.</param>
public sealed record CustomerText(DateTime At, string Text, bool AgentSpoke, bool Answered);
