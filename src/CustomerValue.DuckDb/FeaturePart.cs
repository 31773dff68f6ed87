using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>A feature set as it lies on disk: a Parquet file a unit, told apart by what its values depend on.</summary>
/// <param name="Name">The set's name.</param>
/// <param name="Fingerprint">A hash of all that its values depend on besides records and cutoff.</param>
/// <param name="Columns">Its features, in column order.</param>
internal sealed record FeaturePart(string Name, string Fingerprint, IReadOnlyList<FeatureInfo> Columns);
