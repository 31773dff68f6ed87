using CustomerValue.Features;

namespace CustomerValue.LightGbm;

/// <summary>Which columns a booster learns from.</summary>
internal static class LightGbmColumns
{
    /// <summary>The named columns, or all of the table but the excluded ones and text vectors.</summary>
    /// <exception cref="KeyNotFoundException">A named or excluded column isn't in the table.</exception>
    public static IReadOnlyList<string> Of(FeatureTable table, LightGbmOptions options)
    {
        foreach (var name in options.Columns ?? options.Exclude) _ = table[name];
        return LearnedColumns.Of(table, options.Columns, options.Exclude);
    }
}
