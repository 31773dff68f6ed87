using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>Where features and labels come from; the cutoff is its only clock.</summary>
public interface IFeatureSource
{
    /// <summary>The features it builds, in column order.</summary>
    IReadOnlyList<FeatureInfo> Catalogue { get; }

    /// <summary>Features of every customer with an order before <paramref name="cutoff"/>, from nothing dated on or after it.</summary>
    FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default);

    /// <summary>Features of every customer whose first order lies in a period, each at the end of the day of that order; what the whole shop sold is known up to the period's first day.</summary>
    /// <returns>A table whose cutoff is the period's end, with cutoffs of the customers' own.</returns>
    /// <exception cref="NotSupportedException">The source knows one cutoff for all customers only.</exception>
    FeatureTable AtFirstOrders(FirstOrders period, CancellationToken cancellation = default) =>
        throw new NotSupportedException("These features are built at one cutoff for all customers, and customers at their first order have cutoffs of their own.");

    /// <summary>What the customers of <paramref name="table"/> did in [cutoff, cutoff + horizon), row for row; each from its own cutoff, where it has one.</summary>
    /// <param name="table">Customers and their cutoffs.</param>
    /// <param name="horizonDays">Length of the window, in days.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="InvalidOperationException">The records end before the window does.</exception>
    Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default);

    /// <summary>The customers' own records, for candidates that read them; null where the source gives features only.</summary>
    ICustomerRecords? Records => null;

    /// <summary>What becomes of text columns when a text is left out; null where no column depends on texts, or the source can't tell.</summary>
    ITextColumns? Texts => null;

    /// <summary>The encoder that reads texts for the features at a cutoff, which the caller disposes of; null where no encoder takes part.</summary>
    ITextEncoder? EncoderAt(DateOnly cutoff, CancellationToken cancellation = default) => null;
}
