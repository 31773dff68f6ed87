namespace CustomerValue.Features;

/// <summary>A shop's records by customer, read at a point in time. For candidates that read what a customer did, wrote and was sent, not only numbers made of it.</summary>
/// <remarks>Read them through <see cref="CustomerHistories"/>, which holds every source to the cutoff.</remarks>
public interface ICustomerRecords
{
    /// <summary>The records dated before the cutoff, customer for customer.</summary>
    /// <param name="cutoff">First day that isn't history: nothing dated on or after it is read, nor a response that came on or after it.</param>
    /// <param name="customerIds">Whose; those that the shop doesn't know have no records.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>As many, in the order asked.</returns>
    IReadOnlyList<CustomerHistory> Before(DateOnly cutoff, IReadOnlyList<string> customerIds, CancellationToken cancellation = default);
}
