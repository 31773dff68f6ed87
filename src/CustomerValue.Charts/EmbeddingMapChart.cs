using CustomerValue.Models;

namespace CustomerValue.Charts;

/// <summary>Do texts or customers that belong together lie together?</summary>
public static class EmbeddingMapChart
{
    private const int Most = 2000;

    /// <summary>Vectors along their first two principal components, a mark each, by group.</summary>
    /// <param name="vectors">[rows][dimensions]</param>
    /// <param name="groups">[rows]: the group of each, such as a label.</param>
    /// <param name="texts">[rows]: what each says when it is pointed at; null for its group alone.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static Chart Of(IReadOnlyList<float[]> vectors, IReadOnlyList<string> groups, IReadOnlyList<string>? texts = null)
    {
        Check.SameLength(vectors.Count, groups.Count, nameof(groups));
        Check.SameLength(vectors.Count, texts?.Count ?? vectors.Count, nameof(texts));
        var plane = EmbeddingPlane.Of(vectors);
        int[] sample = [.. Groups.Sample(vectors.Count, Most)];
        var told = Enumerable.Range(0, groups.Count).GroupBy(row => groups[row], StringComparer.Ordinal).Select(g => (Name: g.Key, Rows: g.ToHashSet())).OrderByDescending(g => g.Rows.Count).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();
        return new(Around(share => $"First component, {share} of the variance", plane.Across, plane.ShareAcross), Around(share => $"Second component, {share} of the variance", plane.Upwards, plane.ShareUpwards))
        {
            Name = "embedding-map",
            Words = new()
            {
                Title = $"Does what belongs together lie together?",
                Subtitle = $"{Groups.Of(sample.Length, vectors.Count, $"{FigureText.Count(vectors.Count)} vectors")}, along the two directions in which they differ most",
                Reading = vectors.Count == 0 ? Phrase.Of($"No vectors.") : $"The two directions hold {FigureText.Share(plane.ShareAcross + plane.ShareUpwards)} of the differences between {FigureText.Count(vectors.Count)} vectors of {told.Count} groups.",
                Description = $"{Phrase.Join("; ", told.Select(g => Phrase.Of($"{g.Name}: {FigureText.Count(g.Rows.Count)}, around ({FigureText.Number(g.Rows.Average(row => plane.Across[row]))}, {FigureText.Number(g.Rows.Average(row => plane.Upwards[row]))})")))}.",
            },
            Series = [.. told.Select((g, i) => new Series(Phrase.Name(g.Name), Groups.Of(i), [.. sample.Where(g.Rows.Contains).Select(row => new ChartPoint(plane.Across[row], plane.Upwards[row], texts is null ? Phrase.Name(g.Name) : $"{g.Name}: {SvgText.Fit(texts[row], 13, 500)}") { Radius = 3 })])
            {
                Marked = true, Legend = Groups.Legend(g.Name, i, told.Count),
            }).Reverse()],
            Absence = vectors.Count == 0 ? Phrase.Of($"There are no vectors.") : null,
        };

        static Axis Around(Func<Phrase, Phrase> title, double[] along, double share)
        {
            var (low, high) = (along.DefaultIfEmpty(0).Min(), along.DefaultIfEmpty(1).Max());
            var room = high > low ? 0.04 * (high - low) : 1;
            return new(title(FigureText.Share(share)), low - room, high + room);
        }
    }
}
