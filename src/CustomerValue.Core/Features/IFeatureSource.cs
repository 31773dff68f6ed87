namespace CustomerValue.Features;

/// <summary>Where features and labels come from; the cutoff is its only clock.</summary>
public interface IFeatureSource
{
    /// <summary>The features it builds, in column order.</summary>
    IReadOnlyList<FeatureInfo> Catalogue { get; }

    /// <summary>Features of every customer with an order before <paramref name="cutoff"/>, from nothing dated on or after it.</summary>
    FeatureTable At(DateOnly cutoff, CancellationToken cancellation = default);

    /// <summary>What the customers of <paramref name="table"/> did in [cutoff, cutoff + horizon), row for row.</summary>
    /// <param name="table">Customers and their cutoff.</param>
    /// <param name="horizonDays">Length of the window, in days.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="InvalidOperationException">The records end before the window does.</exception>
    Labels LabelsFor(FeatureTable table, int horizonDays, CancellationToken cancellation = default);
}
