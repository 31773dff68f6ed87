namespace CustomerValue.Features;

/// <summary>The feature sets that come of what customers wrote, apart from what they did: what a comparison with and without text leaves out.</summary>
public static class TextSets
{
    /// <summary>How much, how often, in which language they wrote, with how many stars, and how soon service answered: no model reads the words.</summary>
    public const string Writing = "writing";

    /// <summary>What an encoder says of the words: scores of its heads over time, complaints, topics.</summary>
    public const string Meaning = "meaning";

    /// <summary>The encoder's pooled vector, a column a number; candidates that use it reduce it first.</summary>
    public const string Vector = "text_vector";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Writing, Meaning, Vector];

    /// <summary>Whether a feature comes of what customers wrote.</summary>
    public static bool Has(FeatureInfo feature) => All.Contains(feature.Set);
}
