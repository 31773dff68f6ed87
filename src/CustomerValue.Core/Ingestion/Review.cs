namespace CustomerValue.Ingestion;

/// <summary>What a customer wrote about a product.</summary>
/// <param name="CustomerId">Pseudonymous customer id.</param>
/// <param name="At">When, in the shop's local time.</param>
/// <param name="ProductId">The product reviewed; empty when unknown.</param>
/// <param name="Stars">1 (worst) to 5 (best); 0 when none were given.</param>
/// <param name="Text">The review as written.</param>
public sealed record Review(string CustomerId, DateTime At, string ProductId, int Stars, string Text);
