namespace CustomerValue.Features;

/// <summary>One customer's purchases by a cutoff, in the papers' symbols.</summary>
/// <param name="Frequency">Repeat purchases x: days with a purchase, the first left out.</param>
/// <param name="Recency">t_x, weeks from the first purchase to the last; 0 when x = 0.</param>
/// <param name="Age">T, weeks from the first purchase to the last day observed.</param>
public readonly record struct PurchaseHistory(double Frequency, double Recency, double Age);
