namespace CustomerValue.Ingestion;

/// <summary>One thing a customer did on the shop's site.</summary>
/// <param name="CustomerId">Pseudonymous customer id.</param>
/// <param name="SessionId">The visit that the event belongs to.</param>
/// <param name="At">When, in the shop's local time.</param>
/// <param name="Kind">What was done: view, cart, search, purchase, or the shop's own word, in lower case.</param>
/// <param name="ProductId">The product concerned; empty when none.</param>
/// <param name="Query">The words searched for; empty when none.</param>
/// <param name="DwellSeconds">Time spent on the page, in seconds; 0 when unknown.</param>
public sealed record BrowsingEvent(
    string CustomerId, string SessionId, DateTime At, string Kind, string ProductId, string Query, double DwellSeconds);
