using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;
using CustomerValue.Torch.Language;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Training;

/// <summary>Two texts that belong together: two of one customer, or a text and the product that it is about.</summary>
/// <param name="One">A text.</param>
/// <param name="Other">Another; where it equals the first it teaches nothing.</param>
/// <param name="Group">What they belong to, such as the customer or the product: pairs of one group aren't set against one another. Null for none.</param>
public sealed record TextPair(string One, string Other, string? Group = null);

/// <summary>How vectors of texts are tuned to lie close where texts belong together.</summary>
public sealed record ContrastiveOptions
{
    /// <summary>How the network learns; <see cref="TrainingOptions.TokensPerBatch"/> bounds both texts of a batch's pairs together.</summary>
    public TrainingOptions Training { get; init; } = new() { LearningRate = 2e-5, Epochs = 1, TokensPerBatch = 4096, MaxTokens = 64, Warmup = 0.1 };

    /// <summary>Divides cosines before they are compared: the smaller, the more the closest wrong text counts.</summary>
    public double Temperature { get; init => field = Check.Within(value, 0.001, 10); } = 0.05;

    /// <summary>How a text's states become its vector.</summary>
    public Pooling Pooling { get; init; }
}

/// <summary>Contrastive tuning of a network that embeds texts: each text has to find its partner among those of the batch.</summary>
/// <remarks>Van den Oord and others (2018), "Representation Learning with Contrastive Predictive Coding". Both directions count.</remarks>
public static class ContrastiveTuning
{
    private const int Measured = 64;

    /// <summary>Trains, or goes on from the folder's checkpoint; the network is changed.</summary>
    /// <param name="backbone">The network, opened to learn.</param>
    /// <param name="options">How.</param>
    /// <param name="pairs">Texts that belong together.</param>
    /// <param name="heldOut">Pairs to measure on; empty for none.</param>
    /// <param name="folder">For checkpoints; null for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="time">The clock that speed is measured with.</param>
    /// <param name="cancellation">Ends the run after the step at work, with a checkpoint.</param>
    /// <exception cref="ArgumentException">There are fewer than two pairs: nothing to tell apart.</exception>
    public static TrainingReport Train(
        TextBackbone backbone, ContrastiveOptions options, IReadOnlyList<TextPair> pairs, IReadOnlyList<TextPair> heldOut,
        string? folder, IProgress<TrainingStep>? progress, TimeProvider time, CancellationToken cancellation)
    {
        if (pairs.Count < 2) throw new ArgumentException($"{pairs.Count} pairs are too few: a text has to find its partner among others. Give at least two.", nameof(pairs));
        var training = options.Training;
        using var tables = new SparseTables(backbone.Network);
        var ids = pairs.Select(p => Encoded(backbone, options, p)).ToArray();
        var buckets = new LengthBuckets([.. ids.Select(p => 2 * Math.Max(p.One.Length, p.Other.Length))], training.TokensPerBatch, training.Seed);
        (int Number, IReadOnlyList<int[]> Batches) epoch = (-1, []);
        var work = new TrainingWork(Fingerprint(ids, pairs, options), buckets.Count, (number, batch) =>
        {
            if (epoch.Number != number) epoch = (number, buckets.Epoch(number));
            var chosen = epoch.Batches[batch];
            return new(Loss(backbone, options, [.. chosen.Select(at => ids[at])], [.. chosen.Select(at => pairs[at].Group)]), chosen.Sum(at => (long)ids[at].One.Length + ids[at].Other.Length));
        })
        {
            Learning = learns => Precision.Learning(backbone.Network, learns, training),
            Evaluate = heldOut.Count == 0 ? null : () => Figures(backbone, options, heldOut),
            Score = figures => figures["partner_found"],
        };
        return new TrainingLoop(new([.. backbone.Network.named_parameters().Select(p => (p.name, (Tensor)p.parameter))], training.RateScale), training, time).Run(work, folder, progress, cancellation);
    }

    /// <summary>partner_found: share of the first texts whose closest second text, among those of all pairs, is their own or their group's; and reciprocal_rank, its mean.</summary>
    public static IReadOnlyDictionary<string, double> Figures(TextBackbone backbone, ContrastiveOptions options, IReadOnlyList<TextPair> pairs)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var ids = pairs.Select(p => Encoded(backbone, options, p)).ToArray();
        Tensor All(Func<(int[] One, int[] Other), int[]> side) => cat([.. ids.Chunk(Measured).Select(chunk => Vectors(backbone, options, [.. chunk.Select(side)]))]);
        var cosines = All(p => p.One).matmul(All(p => p.Other).t()).cpu().contiguous().data<float>().ToArray();                  // [P, P]
        var (found, reciprocal) = (0, 0.0);
        for (var row = 0; row < pairs.Count; row++)
        {
            var (own, others) = (float.NegativeInfinity, new List<float>());
            for (var at = 0; at < pairs.Count; at++)
                if (Together(pairs[row].Group, pairs[at].Group, row, at)) own = Math.Max(own, cosines[row * pairs.Count + at]);
                else others.Add(cosines[row * pairs.Count + at]);
            var rank = 1 + others.Count(cosine => cosine >= own);
            (found, reciprocal) = (found + (rank == 1 ? 1 : 0), reciprocal + 1.0 / rank);
        }
        return new Dictionary<string, double> { ["partner_found"] = (double)found / pairs.Count, ["reciprocal_rank"] = reciprocal / pairs.Count };
    }

    private static Tensor Loss(TextBackbone backbone, ContrastiveOptions options, (int[] One, int[] Other)[] pairs, string?[] groups)
    {
        using var scope = NewDisposeScope();
        var ones = Vectors(backbone, options, [.. pairs.Select(p => p.One)]);                                              // [P, H]
        var others = Vectors(backbone, options, [.. pairs.Select(p => p.Other)]);                                          // [P, H]
        // Another pair of the same customer or product is no wrong answer: it is left out.
        var left = new float[pairs.Length * pairs.Length];
        for (var row = 0; row < pairs.Length; row++)
            for (var at = 0; at < pairs.Length; at++)
                if (row != at && Together(groups[row], groups[at], row, at)) left[row * pairs.Length + at] = -1e4f;
        var logits = ones.matmul(others.t()).Over(options.Temperature).Plus(tensor(left, [pairs.Length, pairs.Length]));     // [P, P]
        var own = Scalars.Range(0, pairs.Length, logits.device);
        return F.cross_entropy(logits, own).Plus(F.cross_entropy(logits.t(), own)).Over(2).MoveToOuterDisposeScope();
    }

    private static bool Together(string? group, string? other, int row, int at) => row == at || group is not null && group == other;

    // [B, H], of length 1.
    private static Tensor Vectors(TextBackbone backbone, ContrastiveOptions options, int[][] ids)
    {
        using var scope = NewDisposeScope();
        var (tokens, mask) = Batches.Tensors(TokenBatch.Of(ids, backbone.Tokenizer.Special.Pad ?? 0));
        return F.normalize(TextPooling.Pool(backbone.States(tokens, mask), mask, options.Pooling), dim: 1).MoveToOuterDisposeScope();
    }

    private static (int[] One, int[] Other) Encoded(TextBackbone backbone, ContrastiveOptions options, TextPair pair)
    {
        var maxTokens = Math.Min(options.Training.MaxTokens, backbone.MaxPositions);
        return (Ids(pair.One), Ids(pair.Other));

        int[] Ids(string text) => backbone.Tokenizer.Encode(text, maxTokens) is { Length: > 0 } ids ? ids : [0];
    }

    private static string Fingerprint((int[] One, int[] Other)[] ids, IReadOnlyList<TextPair> pairs, ContrastiveOptions options)
    {
        var texts = WordTokens.Fingerprint(ids.SelectMany(p => new[] { p.One, p.Other }).Select(t => new WordTokens(t, new bool[t.Length])));
        var groups = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', pairs.Select(p => p.Group)))))[..16];
        return FormattableString.Invariant($"contrastive {texts} {groups} {options.Temperature} {options.Pooling}");
    }
}
