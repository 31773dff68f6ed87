namespace CustomerValue.Ingestion;

/// <summary>One line of an order, or of a refund or cancellation.</summary>
/// <param name="CustomerId">Pseudonymous customer id.</param>
/// <param name="OrderId">The order (invoice, receipt) that the line belongs to.</param>
/// <param name="At">When the order was placed, in the shop's local time.</param>
/// <param name="ProductId">The shop's product code.</param>
/// <param name="Description">Product name as the customer saw it; empty when unknown.</param>
/// <param name="Category">Product category; empty when unknown.</param>
/// <param name="Quantity">Units, signed: negative on returns.</param>
/// <param name="UnitPrice">Price of one unit, in <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="IsReturn">A refund or cancellation: its amount counts, but it is never an order.</param>
public sealed record Purchase(
    string CustomerId, string OrderId, DateTime At, string ProductId, string Description, string Category,
    decimal Quantity, decimal UnitPrice, string Currency, bool IsReturn)
{
    /// <summary>Quantity times unit price, signed, to the fourth decimal: exact for prices with up to four decimals times whole quantities, and for a unit price that
    /// was a line's total divided by its quantity.</summary>
    public Money Amount => new(decimal.Round(Quantity * UnitPrice, 4), Currency);
}
