namespace CustomerValue.Features;

/// <summary>Which columns a learner takes from a table when nobody tells it.</summary>
public static class LearnedColumns
{
    /// <summary>The named columns; where none are named, all but the excluded ones and the raw numbers of text vectors.</summary>
    /// <remarks>A text vector is hundreds of columns of which none means anything alone: a tree that draws half of the columns would hardly see any other, and a linear
    /// model would learn its customers by heart. Who wants them names them, or reduces them first (<c>WithReducedText</c>).</remarks>
    /// <param name="table">The table at the moment of scoring.</param>
    /// <param name="named">Columns to take as they are; null for none named.</param>
    /// <param name="excluded">Columns to leave out where none are named.</param>
    public static IReadOnlyList<string> Of(FeatureTable table, IReadOnlyList<string>? named, IReadOnlyList<string> excluded) =>
        named ?? [.. table.Features.Where(f => f.Set != TextSets.Vector).Select(f => f.Name).Except(excluded, StringComparer.Ordinal)];
}
