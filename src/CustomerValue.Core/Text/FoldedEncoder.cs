namespace CustomerValue.Text;

/// <summary>Encoders of which each reads the texts of one group of customers, whose labels it has never seen.</summary>
/// <remarks>Asked of a text without its writer, it answers what the groups' encoders say on average, and has no vector: those of different encoders can't be laid side by side.</remarks>
public sealed class FoldedEncoder : ITextEncoder
{
    /// <param name="groups">The encoder of each group, in order; disposed of with this.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or they answer different questions.</exception>
    public FoldedEncoder(IReadOnlyList<ITextEncoder> groups)
    {
        if (groups.Count < 2) throw new ArgumentException($"Groups of customers have an encoder each, and there is {groups.Count}. Where one reads everyone's texts, take it as it is.", nameof(groups));
        if (groups.FirstOrDefault(g => g.Width != groups[0].Width || Told(g) != Told(groups[0])) is { } other)
            throw new ArgumentException($"The encoders of two groups answer different questions: {Told(groups[0])}, and {Told(other)}. Take all of one source.", nameof(groups));
        Groups = groups;

        static string Told(ITextEncoder encoder) => string.Join("; ", encoder.Heads.Select(h => $"{h.Name} ({string.Join(", ", h.Labels)})"));
    }

    /// <summary>[groups].</summary>
    public IReadOnlyList<ITextEncoder> Groups { get; }

    /// <inheritdoc/>
    public string Identity => string.Join(' ', ["groups", .. Groups.Select(g => g.Identity)]);

    /// <inheritdoc/>
    public int Width => 0;

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads => Groups[0].Heads;

    /// <inheritdoc/>
    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        EncodedTexts[] read = [.. Groups.Select(g => g.Encode(texts, progress, cancellation))];
        return new([.. texts.Select(_ => Array.Empty<float>())], Heads.ToDictionary(h => h.Name, h => texts.Select((_, row) => Mean([.. read.Select(r => r.Answers[h.Name][row])])).ToArray()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in Groups) group.Dispose();
    }

    private static float[] Mean(float[][] answers) => [.. answers[0].Select((_, at) => answers.Average(a => a[at]))];
}
