using System.Globalization;
using CustomerValue.Ingestion;

namespace CustomerValue.Models.Text;

/// <summary>A candidate that learns finer labels of the same texts, such as the stars beside a recommendation, and answers with each class's share among the training texts of each finer label.</summary>
/// <remarks>Three stars of five say that a writer was of two minds; a plain yes or no hides it from whoever learns. When it answers it reads the text alone.</remarks>
/// <param name="name">Short name, unique in its experiment.</param>
/// <param name="inner">What learns the finer labels.</param>
/// <param name="finer">The same texts with finer labels; those of test texts aren't looked at.</param>
public sealed class FinerLabels(string name, ITextCandidate inner, TextDataset finer) : ITextCandidate
{
    // Added to every count: a finer label that few texts have says little for sure.
    private const double Prior = 0.5;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(inner.Settings) { ["finer_labels"] = $"{finer.Name}: {string.Join(", ", finer.Classes)}" };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A text has no finer label.</exception>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        var (fineTrain, fineDev) = (Finer(train, finer.Train), Finer(dev, finer.Dev));
        var shares = Enumerable.Range(0, finer.Classes.Count).Select(_ => Enumerable.Repeat(Prior, train.Classes.Count).ToArray()).ToArray();          // [finer][classes]
        foreach (var (label, of) in train.Labels.Zip(fineTrain.Labels)) shares[of][label]++;
        foreach (var row in shares)
            if (row.Sum() is var sum)
                for (var c = 0; c < row.Length; c++) row[c] /= sum;
        return new FittedFinerLabels(inner.Fit(fineTrain, fineDev, context with { Known = null }, cancellation), finer.Classes, shares);
    }

    private LabelledTexts Finer(LabelledTexts texts, TextSplit split)
    {
        var known = split.Texts.Zip(split.Labels).ToDictionary(t => t.First, t => t.Second, StringComparer.Ordinal);
        return new(texts.Texts, [.. texts.Texts.Select(text => known.TryGetValue(text, out var label) ? label
            : throw new ArgumentException($"{finer.Name} has no label for the text '{(text.Length > 60 ? text[..60] + "..." : text)}', which '{name}' is to learn from. Take it from the same rows.", nameof(texts)))], finer.Classes);
    }
}

/// <summary>The fitted candidate; it owns the one inside.</summary>
/// <param name="Inner">Answers with the finer labels.</param>
/// <param name="Labels">[finer]: their names.</param>
/// <param name="Shares">[finer][classes]: each row adds up to 1.</param>
internal sealed record FittedFinerLabels(IFittedTextCandidate Inner, IReadOnlyList<string> Labels, double[][] Shares) : IFittedTextCandidate, ITellsChoices, IRoundsByMachine, IHasParts
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Choices { get; } = new Dictionary<string, string>((Inner as ITellsChoices)?.Choices ?? new Dictionary<string, string>())
    {
        ["shares"] = string.Join("; ", Labels.Zip(Shares, (label, row) => $"{label}: {string.Join(' ', row.Select(s => s.ToString("0.000", CultureInfo.InvariantCulture)))}")),
    };

    IReadOnlyList<string> IHasParts.Parts => [.. ((Inner as IHasParts)?.Parts ?? [Inner.GetType().Name]).Select(part => $"through {string.Join(", ", Labels)}: {part}")];

    double IRoundsByMachine.Tolerance => (Inner as IRoundsByMachine)?.Tolerance ?? 0;

    /// <inheritdoc/>
    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation) =>
        [.. Inner.Probabilities(texts, cancellation).Select(fine => Enumerable.Range(0, Shares[0].Length).Select(c => fine.Zip(Shares, (p, row) => p * row[c]).Sum()).ToArray())];

    /// <inheritdoc/>
    public void Dispose() => Inner.Dispose();
}
