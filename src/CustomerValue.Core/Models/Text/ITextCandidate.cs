namespace CustomerValue.Models.Text;

/// <summary>Texts with the label of each.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Labels">[texts]: index into <paramref name="Classes"/>.</param>
/// <param name="Classes">Names of the classes, in their fixed order.</param>
public sealed record LabelledTexts(IReadOnlyList<string> Texts, IReadOnlyList<int> Labels, IReadOnlyList<string> Classes);

/// <summary>What a fit depends on besides data and settings.</summary>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Threads">Threads of native libraries.</param>
/// <param name="Folder">A folder of its own for checkpoints: an interrupted fit goes on from what stands there; null for none.</param>
/// <param name="Progress">Told how far it has come; null for nobody.</param>
public sealed record TextFitContext(int Seed, int Threads = 1, string? Folder = null, IProgress<StageProgress>? Progress = null)
{
    /// <summary>Where language models that are taught on the way are kept for others to begin with; null: in <see cref="Folder"/>.</summary>
    public string? TaughtFolder { get; init; }

    /// <summary>Answers of candidates that were fitted on the same texts before; null where there are none. What a blend's members are asked first.</summary>
    public Func<ITextCandidate, LabelledTexts, LabelledTexts, IFittedTextCandidate?>? Known { get; init; }

    /// <summary>Fits a candidate that another one is made of, or takes the fit that is known: members are fitted once.</summary>
    public IFittedTextCandidate Fit(ITextCandidate member, LabelledTexts train, LabelledTexts dev, CancellationToken cancellation) =>
        Known?.Invoke(member, train, dev) ?? member.Fit(train, dev, this with { Folder = Folder is null ? null : Path.Combine(Folder, member.Name) }, cancellation);
}

/// <summary>A way to tell a text's class, which an experiment compares with others.</summary>
public interface ITextCandidate
{
    /// <summary>Short name, unique in its experiment.</summary>
    string Name { get; }

    /// <summary>Everything that decides the result besides data, seed and threads; logged, and part of what a resumed run compares.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Learns from <paramref name="train"/>; what has to be chosen (epochs, blend weights) is chosen on <paramref name="dev"/>.</summary>
    IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation);
}

/// <summary>A fitted candidate; disposing frees what native libraries hold.</summary>
public interface IFittedTextCandidate : IDisposable
{
    /// <summary>Probabilities [texts][classes], each row summing to 1.</summary>
    double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation);
}
