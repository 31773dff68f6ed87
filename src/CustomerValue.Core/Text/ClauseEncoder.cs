namespace CustomerValue.Text;

/// <summary>Reads texts clause by clause with an encoder that was taught on single statements, and puts together what it finds: a small encoder tells what one clause says far better than
/// what a whole review does, where several say different things.</summary>
/// <remarks>
/// A text's vector is the mean over its clauses. Of a head with a label "none", any other label is as likely as in the clause that says it most, and none as in the clause that says it least,
/// all made to add up to 1; of other classes the mean counts. An ordinal head is a mean over clauses that weighs each by how far it is from the middle, since clauses that judge nothing say nothing
/// of the sentiment; a number is a plain mean.
/// </remarks>
/// <param name="inner">Reads single clauses; disposed of with this.</param>
public sealed class ClauseEncoder(ITextEncoder inner) : ITextEncoder
{
    private const float LeastWeight = 0.05f;

    /// <summary>What reads single clauses.</summary>
    public ITextEncoder Inner => inner;

    /// <inheritdoc/>
    public string Identity => $"clauses 2 of {inner.Identity}";

    /// <inheritdoc/>
    public int Width => inner.Width;

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads => inner.Heads;

    /// <inheritdoc/>
    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<string>[] clauses = [.. texts.Select(Clauses.Of)];
        var (places, distinct) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var clause in clauses.SelectMany(c => c))
            if (places.TryAdd(clause, distinct.Count)) distinct.Add(clause);
        var read = inner.Encode(distinct, progress, cancellation);
        var embeddings = new float[texts.Count][];
        var answers = Heads.ToDictionary(h => h.Name, _ => new float[texts.Count][]);
        for (var text = 0; text < texts.Count; text++)
        {
            int[] at = [.. clauses[text].Select(clause => places[clause])];
            embeddings[text] = Mean([.. at.Select(place => read.Embeddings[place])]);
            foreach (var head in Heads) answers[head.Name][text] = Together(head, [.. at.Select(place => read.Answers[head.Name][place])]);
        }
        return new(embeddings, answers);
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private static float[] Together(TextHead head, ReadOnlySpan<float[]> clauses)
    {
        if (clauses.Length == 1) return clauses[0];
        if (head.Kind == HeadKind.Ordinal) return Judged(clauses);
        var none = head.Labels.ToList().FindIndex(label => label.Equals("none", StringComparison.OrdinalIgnoreCase));
        return head.Kind == HeadKind.Regression || none < 0 ? Mean(clauses) : Said(clauses, none);
    }

    private static float[] Mean(ReadOnlySpan<float[]> rows)
    {
        var sum = new float[rows[0].Length];
        foreach (var row in rows)
            for (var k = 0; k < sum.Length; k++) sum[k] += row[k];
        return Divided(sum, rows.Length);
    }

    private static float[] Said(ReadOnlySpan<float[]> clauses, int none)
    {
        var together = (float[])clauses[0].Clone();
        foreach (var clause in clauses)
            for (var k = 0; k < together.Length; k++) together[k] = k == none ? Math.Min(together[k], clause[k]) : Math.Max(together[k], clause[k]);
        return Divided(together, together.Sum());
    }

    private static float[] Judged(ReadOnlySpan<float[]> clauses)
    {
        var (together, total) = (new float[clauses[0].Length], 0f);
        foreach (var clause in clauses)
        {
            var place = 0f;
            for (var k = 0; k < clause.Length; k++) place += k * clause[k];
            var weight = LeastWeight + Math.Abs(place - (clause.Length - 1) / 2f);
            for (var k = 0; k < clause.Length; k++) together[k] += weight * clause[k];
            total += weight;
        }
        return Divided(together, total);
    }

    private static float[] Divided(float[] row, float by)
    {
        for (var k = 0; k < row.Length; k++) row[k] /= by;
        return row;
    }
}
