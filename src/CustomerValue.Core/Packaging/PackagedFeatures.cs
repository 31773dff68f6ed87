using CustomerValue.Features;

namespace CustomerValue.Packaging;

/// <summary>The columns that a package's models read; <c>features.json</c>.</summary>
/// <param name="Preprocessing">What is done to the columns and where, in words.</param>
/// <param name="Settings">How the features were built, as the feature builder names it.</param>
/// <param name="Columns">The columns, in order of name.</param>
public sealed record PackagedFeatures(string Preprocessing, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<PackagedColumn> Columns)
{
    /// <summary>The columns as a catalogue.</summary>
    public IReadOnlyList<FeatureInfo> Catalogue() => [.. Columns.Select(c => new FeatureInfo(c.Name, c.Unit, c.Meaning, c.Set))];
}

/// <summary>One column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Unit of its values.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="Set">The feature set that it comes from.</param>
/// <param name="UsedBy">The questions whose model reads it: value, churn.</param>
/// <param name="P05">The value that 5 % of the training rows lie below.</param>
/// <param name="P50">The median of the training rows.</param>
/// <param name="P95">The value that 95 % of the training rows lie below.</param>
public sealed record PackagedColumn(string Name, string Unit, string Meaning, string Set, IReadOnlyList<string> UsedBy, double P05, double P50, double P95);
