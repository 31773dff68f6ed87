namespace CustomerValue.Models;

/// <summary>What a customer is expected to be worth: expected spend over a stated horizon, discounted to its start, with an interval for what they will really spend.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Expected">Expected spend, in account currency; finite and not negative.</param>
/// <param name="Interval">Range of the spend itself, discounted in the same way.</param>
/// <param name="Horizon">How far ahead it looks.</param>
/// <param name="AnnualDiscountRate">Yearly rate that future spend was discounted at: 0.1 makes an amount a year ahead worth 1 / 1.1 of it; 0 when it wasn't.</param>
public readonly record struct LifetimeValueEstimate(string CustomerId, double Expected, SpendInterval Interval, Horizon Horizon, double AnnualDiscountRate);
