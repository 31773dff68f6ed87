namespace CustomerValue.Simulation.Behaviour;

/// <summary>All that decides a customer's life from a morning on, besides chance to come.</summary>
/// <param name="Traits">What stays.</param>
/// <param name="State">Mood, loyalty, intent and campaigns at work.</param>
/// <param name="Elapsed">Clock time since the last order.</param>
/// <param name="Gap">Clock time from the last order to the next: when they mean to order next, which their browsing shows a little of.</param>
/// <param name="DroppedOut">The day they did; null for those who haven't.</param>
/// <param name="Deliveries">Days on which orders arrive.</param>
internal sealed record LifeState(CustomerTraits Traits, LatentState State, double Elapsed, double Gap, int? DroppedOut, IReadOnlyList<int> Deliveries);
