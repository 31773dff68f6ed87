namespace CustomerValue.Features;

/// <summary>Customers who first ordered in a period, each at the end of the day of that order: one row a customer, and only what is known by then is history.</summary>
/// <remarks>The cold start: a customer's own cutoff is the day after its first order, its label window begins there, and the end of the period bounds them all.</remarks>
/// <param name="From">First day of the period.</param>
/// <param name="To">First day after it.</param>
public readonly record struct FirstOrders(DateOnly From, DateOnly To)
{
    /// <summary>Refuses a period without days.</summary>
    /// <exception cref="ArgumentException">It ends before it begins.</exception>
    public void Validate()
    {
        if (To <= From) throw new ArgumentException($"The period of first orders from {From:yyyy-MM-dd} to {To:yyyy-MM-dd} has no day; its end, which isn't part of it, must come after its first day.");
    }
}
