using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Text;

namespace CustomerValue.Tests;

/// <summary>An encoder whose answers are hashes of text and seed, and which counts what it is asked.</summary>
internal sealed class FakeEncoder(string identity, ulong seed, IReadOnlyList<TextHead> heads, int width, List<string> asked) : ITextEncoder
{
    public string Identity => identity;
    public int Width => width;
    public IReadOnlyList<TextHead> Heads => heads;

    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        lock (asked) asked.AddRange(texts);
        return new([.. texts.Select(Vector)], heads.ToDictionary(h => h.Name, h => texts.Select(text => Answer(h, text)).ToArray()));
    }

    public float[] Vector(string text) => [.. Enumerable.Range(0, width).Select(k => (float)(2 * Chance(text, $"vector {k}") - 1))];

    public float[] Answer(TextHead head, string text)
    {
        if (head.Kind == HeadKind.Regression) return [(float)(head.Mean + head.Scale * (2 * Chance(text, head.Name) - 1))];
        var weights = head.Labels.Select(label => Math.Pow(Chance(text, head.Name + label), 3)).ToArray();
        return [.. weights.Select(w => (float)(w / weights.Sum()))];
    }

    public void Dispose() { }

    private double Chance(string text, string question)
    {
        var hash = new StableHash();
        hash.Add(seed);
        hash.Add(text);
        hash.Add(question);
        return (hash.Value >> 11) * (1.0 / (1ul << 53));
    }
}

/// <summary>Gives fake encoders: always the same one, or one whose answers depend on every label that it was taught by.</summary>
internal sealed class FakeEncoders(bool learns = false) : ITextEncoderSource
{
    public static readonly IReadOnlyList<TextHead> Questions =
    [
        new("mood", HeadKind.Regression, [], Mean: 0.25, Scale: 2), new("stars", HeadKind.Ordinal, ["1", "2", "3", "4", "5"]), new("intent", HeadKind.Classification, ["open", "restock", "leave"]),
        new("complaint", HeadKind.Classification, ["no", "yes"]), new("solved", HeadKind.Classification, ["no", "yes"]), new("loyalty", HeadKind.Classification, ["low", "high"]),
        new("topic", HeadKind.Classification, ["delivery", "物流", "price", "size"]),
    ];

    /// <summary>Every text that any encoder from here was asked, once for each time.</summary>
    public List<string> Asked { get; } = [];

    public IReadOnlyList<TextHead> Heads { get; init; } = Questions;
    public int Width { get; init; } = 6;
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["kind"] = learns ? "learns" : "fixed" };

    public FakeEncoder Encoder(IReadOnlyList<ShopText>? labels = null)
    {
        var seed = new StableHash();
        foreach (var label in labels ?? []) seed.Add($"{label}");
        return new($"fake {seed.Value}", seed.Value, Heads, Width, Asked);
    }

    public ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => Encoder(learns ? labels() : null);
}

/// <summary>Gives fake encoders whose answers depend on every label that they were taught by: those of all customers but one group.</summary>
internal sealed class FoldedFakeEncoders(int folds) : IFoldedEncoderSource
{
    private readonly FakeEncoders _fakes = new(learns: true);

    public int Folds => folds;
    public IReadOnlyList<TextHead> Heads => _fakes.Heads;
    public int Width => _fakes.Width;
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["folds"] = $"{folds}" };

    public FakeEncoder Apart(int fold, IReadOnlyList<ShopText> labels) => _fakes.Encoder([.. labels.Where(l => ((IFoldedEncoderSource)this).FoldOf(l.CustomerId) != fold)]);

    public ITextEncoder OpenFold(
        int fold, Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => Apart(fold, labels());

    public ITextEncoder Open(
        Func<IReadOnlyList<ShopText>> labels, DateOnly cutoff, string folder, int threads, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default) => _fakes.Encoder(labels());
}
