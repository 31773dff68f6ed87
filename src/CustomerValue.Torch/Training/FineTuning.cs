using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Training;

/// <summary>Texts with labels for some or all heads.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Targets">By a head's name, [texts]: the label's number, or a number in the target's unit; NaN where a text has none.</param>
public sealed record HeadedTexts(IReadOnlyList<string> Texts, IReadOnlyDictionary<string, float[]> Targets)
{
    /// <summary>Texts for one classification head.</summary>
    public static HeadedTexts Of(string head, IReadOnlyList<string> texts, IReadOnlyList<int> labels) =>
        new(texts, new Dictionary<string, float[]> { [head] = [.. labels.Select(label => (float)label)] });
}

/// <summary>How a network is tuned to questions.</summary>
public sealed record FineTuningOptions
{
    /// <summary>How it learns. The defaults are for imported weights; an encoder pre-trained here takes 3e-4.</summary>
    public TrainingOptions Training { get; init; } = new() { LearningRate = 5e-5, Epochs = 3, TokensPerBatch = 2048, Keep = KeptWeights.Best, Warmup = 0.1 };

    /// <summary>What the heads see of a text; decoders want <see cref="Pooling.Last"/>.</summary>
    public Pooling Pooling { get; init; }

    /// <summary>Share of a text's vector dropped before the heads.</summary>
    public double HeadDropout { get; init => field = Check.Within(value, 0, 0.9); } = 0.1;

    /// <summary>Share of a text's tokens that are hidden, anew each time it is read, so that no single word is relied on (Iyyer et al. 2015, "Deep Unordered Composition").</summary>
    public double WordDropout { get; init => field = Check.Within(value, 0, 0.9); }

    /// <summary>Draws of that dropout a step, their losses averaged (multi-sample dropout).</summary>
    public int DropoutSamples { get; init => field = Check.Within(value, 1, 64); } = 1;

    /// <summary>Share of a label's mass that is spread over all labels.</summary>
    public double LabelSmoothing { get; init => field = Check.Within(value, 0, 0.9); }

    /// <summary>Whether rare labels weigh more, so that all labels weigh the same together.</summary>
    public bool BalanceClasses { get; init; }

    /// <summary>Weight of a head's loss by its name; 1 where none is given.</summary>
    public IReadOnlyDictionary<string, double> HeadWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>The head whose figures the kept weights are chosen by; null for all heads together.</summary>
    public string? ChosenBy { get; init; }

    /// <summary>What doesn't learn: -1 nothing, 0 the embeddings, n the embeddings and the n layers above them.</summary>
    public int FrozenLayers { get; init => field = Check.Within(value, -1, 1000); } = -1;

    /// <summary>Each layer's step size over that of the layer above it: 1 for one size, 0.9 for gentle steps near the text.</summary>
    public double LayerRateDecay { get; init => field = Check.Within(value, 0.1, 1); } = 1;

    /// <summary>The heads' step size over that of the top layer: they begin from nothing.</summary>
    public double HeadRate { get; init => field = Check.Within(value, 0.01, 10_000); } = 1;

    /// <summary>Weight of the disagreement between two passes with different dropout (R-Drop); 0: one pass, half the time.</summary>
    public double RDrop { get; init => field = Check.Within(value, 0, 100); }

    /// <summary>Trains a low-rank change of the network in the place of the network; null for the network itself.</summary>
    public LoraConfig? Lora { get; init; }

    /// <summary>All that decides the result, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        var settings = new SortedDictionary<string, string>(Training.Settings().ToDictionary(s => s.Key, s => s.Value), StringComparer.Ordinal);
        foreach (var property in typeof(FineTuningOptions).GetProperties().Where(p => p.Name is not nameof(Training) and not nameof(HeadWeights) and not nameof(Lora)))
            settings[property.Name] = FormattableString.Invariant($"{property.GetValue(this)}");
        foreach (var (head, weight) in HeadWeights) settings[$"HeadWeight.{head}"] = weight.ToString(CultureInfo.InvariantCulture);
        if (Lora is not null) settings["Lora"] = FormattableString.Invariant($"rank {Lora.Rank}, alpha {Lora.Alpha}, dropout {Lora.Dropout}, {Lora.TargetPattern ?? string.Join(' ', Lora.Targets)}, stabilised {Lora.RankStabilised}");
        return settings;
    }
}

/// <summary>Tunes an encoder or a decoder, with one head a question, to texts that carry labels for some or all of the questions.</summary>
public static class FineTuning
{
    /// <summary>Trains, or goes on from the folder's checkpoint.</summary>
    /// <param name="backbone">The network, opened to learn; it belongs to the tuned model from now on.</param>
    /// <param name="heads">The questions.</param>
    /// <param name="options">How.</param>
    /// <param name="train">What to learn from; a text without any label is passed by.</param>
    /// <param name="dev">Later texts, to choose the weights by; null for none.</param>
    /// <param name="folder">For checkpoints, and for adapter/, where an adapter is trained; null for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="time">The clock that speed is measured with.</param>
    /// <param name="cancellation">Ends the run after the step at work, with a checkpoint.</param>
    /// <exception cref="ArgumentException">Labels don't fit the heads, or there is nothing to learn from.</exception>
    /// <exception cref="DivergedException">The loss left the numbers or only rose.</exception>
    public static (TunedTextModel Model, TrainingReport Report) Train(
        TextBackbone backbone, IReadOnlyList<TextHead> heads, FineTuningOptions options, HeadedTexts train, HeadedTexts? dev,
        string? folder, IProgress<TrainingStep>? progress, TimeProvider time, CancellationToken cancellation)
    {
        RequireFit(heads, train);
        if (dev is not null) RequireFit(heads, dev);
        if (options.ChosenBy is { } chosen && heads.All(h => h.Name != chosen)) throw new ArgumentException($"The weights are to be chosen by the head '{chosen}'. There are: {string.Join(", ", heads.Select(h => h.Name))}.", nameof(options));
        var training = options.Training;
        var maxTokens = Math.Min(training.MaxTokens, backbone.MaxPositions);
        train = Labelled(train);
        var (ids, devIds) = (Encoded(backbone, train, maxTokens), dev is null ? [] : Encoded(backbone, dev, maxTokens));
        var adapter = options.Lora is { } lora ? LoraAdapter.Attach(backbone.Network, lora, training.Seed) : null;
        Freeze(backbone, options);
        using var tables = new SparseTables(backbone.Network);

        var model = new TunedTextModel(backbone, new(options.Pooling, maxTokens, heads), new(heads, backbone.HiddenSize, SplitMix64.Stream(training.Seed, -1).Below(int.MaxValue)));
        var classes = heads.ToDictionary(h => h.Name, h => options.BalanceClasses ? ClassWeights(h, train.Targets[h.Name]) : null);
        var buckets = new LengthBuckets([.. ids.Select(t => t.Length)], training.TokensPerBatch, training.Seed);
        (int Number, IReadOnlyList<int[]> Batches) epoch = (-1, []);
        var work = new TrainingWork(Fingerprint(ids, train, devIds, dev, heads, options), buckets.Count, (number, batch) =>
        {
            if (epoch.Number != number) epoch = (number, buckets.Epoch(number));
            return Loss(model, options, classes, ids, train, epoch.Batches[batch], SplitMix64.Stream(training.Seed, ((long)number << 32) + batch));
        })
        {
            Learning = learns => Precision.Learning(backbone.Network, learns, training),
            Evaluate = dev is null ? null : () => Figures(model, devIds, dev),
            Score = figures => heads.Where(h => options.ChosenBy is null || h.Name == options.ChosenBy).Sum(h => h.Kind == HeadKind.Regression ? -figures[$"{h.Name}_mae"] / h.Scale : figures[$"{h.Name}_accuracy"]),
        };
        var names = backbone.Network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(model.Network.Weights.Select(w => (HeadNetwork.Prefix + w.Key, w.Value)));
        try
        {
            var report = new TrainingLoop(new(names, name => RateScale(backbone, options, name)), training, time).Run(work, folder, progress, cancellation);
            model.Network.OrderThresholds();
            if (adapter is not null)
            {
                if (folder is not null) adapter.Write(Path.Combine(folder, "adapter"));
                adapter.Merge();
            }
            return (model, report);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Figures of each head on labelled texts, as NAME_accuracy, NAME_macro_f1 and NAME_loss, or NAME_mae for a number.</summary>
    public static IReadOnlyDictionary<string, double> Figures(TunedTextModel model, HeadedTexts texts) =>
        Figures(model, Encoded(model.Backbone, texts, model.Heads.MaxTokens), texts);

    private static Dictionary<string, double> Figures(TunedTextModel model, int[][] ids, HeadedTexts texts)
    {
        var figures = new Dictionary<string, double>();
        foreach (var (name, answers) in model.Answers(ids, default))
        {
            var labelled = answers.Zip(texts.Targets[name]).Where(a => !float.IsNaN(a.Second)).ToArray();
            if (labelled.Length == 0) throw new ArgumentException($"No evaluation text has a label for '{name}', so its weights can't be chosen. Give some, or leave that head out.", nameof(texts));
            var head = model.Heads.Heads.First(h => h.Name == name);
            if (head.Kind == HeadKind.Regression)
            {
                figures[$"{name}_mae"] = labelled.Average(a => Math.Abs(a.First[0] - a.Second));
                continue;
            }
            var guesses = labelled.Select(a => (Guess: Array.IndexOf(a.First, a.First.Max()), Right: (int)a.Second)).ToArray();
            figures[$"{name}_accuracy"] = guesses.Average(g => g.Guess == g.Right ? 1.0 : 0);
            figures[$"{name}_macro_f1"] = Enumerable.Range(0, head.Labels.Count).Where(k => guesses.Any(g => g.Right == k)).Average(k =>
                2.0 * guesses.Count(g => g.Guess == k && g.Right == k) / (guesses.Count(g => g.Guess == k) + guesses.Count(g => g.Right == k)));
            figures[$"{name}_loss"] = labelled.Average(a => -Math.Log(Math.Max(1e-12, a.First[(int)a.Second])));
        }
        return figures;
    }

    private static BatchLoss Loss(TunedTextModel model, FineTuningOptions options, Dictionary<string, float[]?> classes, int[][] ids, HeadedTexts train, int[] batch, SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        var passes = options.RDrop > 0 ? 2 : 1;
        int[] texts = [.. Enumerable.Repeat(batch, passes).SelectMany(b => b)];                                            // the same texts twice, each with its own dropout
        var vectors = model.Vectors([.. texts.Select(text => Hidden(ids[text], options.WordDropout, model.Backbone.Tokenizer.Special, ref random))]);      // [P B, H]
        var total = zeros(1).sum();
        for (var sample = 0; sample < options.DropoutSamples; sample++)
        {
            var dropped = options.HeadDropout > 0 ? DropoutMask.Apply(vectors, options.HeadDropout, training: true) : vectors;
            foreach (var head in model.Heads.Heads)
            {
                var outputs = model.Network.Outputs(head, dropped);
                var targets = train.Targets[head.Name];
                if (HeadNetwork.Loss(head, outputs, [.. texts.Select(text => targets[text])], classes[head.Name], options.LabelSmoothing) is not { } loss) continue;
                if (passes == 2 && head.Kind == HeadKind.Classification) loss = loss.Plus(Disagreement(outputs, batch.Length).Times(options.RDrop));
                total = total.Plus(loss.Times(options.HeadWeights.GetValueOrDefault(head.Name, 1)));
            }
        }
        return new(total.Over(options.DropoutSamples).MoveToOuterDisposeScope(), (long)texts.Length * texts.Max(text => ids[text].Length));
    }

    private static int[] Hidden(int[] ids, double share, SpecialTokens special, ref SplitMix64 random)
    {
        if (share == 0) return ids;
        var hidden = ids.ToArray();
        for (var at = 0; at < hidden.Length; at++)
            if (random.Unit() < share && hidden[at] != special.Start && hidden[at] != special.End) hidden[at] = special.Mask ?? special.Unknown ?? special.Pad ?? 0;
        return hidden;
    }

    // Mean of the two Kullback-Leibler divergences between the passes: Liang et al. (2021), "R-Drop".
    private static Tensor Disagreement(Tensor outputs, int rows)
    {
        var logs = F.log_softmax(outputs, 1);
        var (one, other) = (logs.narrow(0, 0, rows), logs.narrow(0, rows, rows));
        return ((one.exp() - other.exp()) * (one - other)).sum(1).mean().Over(2);
    }

    private static double RateScale(TextBackbone backbone, FineTuningOptions options, string name) =>
        name.StartsWith(HeadNetwork.Prefix, StringComparison.Ordinal) ? options.HeadRate
        : options.Training.RateScale(name) * Math.Pow(options.LayerRateDecay, Math.Max(0, backbone.Layers - backbone.PlaceOf(name)));

    private static void Freeze(TextBackbone backbone, FineTuningOptions options)
    {
        if (options.FrozenLayers > backbone.Layers)
            throw new ArgumentException($"{options.FrozenLayers} layers are to be frozen, and the network has {backbone.Layers}.", nameof(options));
        foreach (var (name, parameter) in backbone.Network.named_parameters())
            if (backbone.PlaceOf(name) <= options.FrozenLayers) parameter.requires_grad_(false);
    }

    private static float[]? ClassWeights(TextHead head, float[] targets)
    {
        if (head.Kind != HeadKind.Classification) return null;
        var counts = Enumerable.Range(0, head.Labels.Count).Select(k => targets.Count(t => t == k)).ToArray();
        return [.. counts.Select(c => c == 0 ? 0f : (float)counts.Sum() / (counts.Length * c))];
    }

    private static int[][] Encoded(TextBackbone backbone, HeadedTexts texts, int maxTokens) => [.. texts.Texts.Select(t => backbone.Tokenizer.Encode(t, maxTokens) is { Length: > 0 } ids ? ids : [0])];

    private static HeadedTexts Labelled(HeadedTexts texts)
    {
        var kept = Enumerable.Range(0, texts.Texts.Count).Where(at => texts.Targets.Values.Any(t => !float.IsNaN(t[at]))).ToArray();
        if (kept.Length == 0) throw new ArgumentException("No text has a label, so there is nothing to learn from.", nameof(texts));
        return kept.Length == texts.Texts.Count ? texts
            : new([.. kept.Select(at => texts.Texts[at])], texts.Targets.ToDictionary(t => t.Key, t => kept.Select(at => t.Value[at]).ToArray()));
    }

    private static void RequireFit(IReadOnlyList<TextHead> heads, HeadedTexts texts)
    {
        foreach (var head in heads)
        {
            if (!texts.Targets.TryGetValue(head.Name, out var targets)) throw new ArgumentException($"There are no targets for the head '{head.Name}'. Given are: {string.Join(", ", texts.Targets.Keys)}.", nameof(texts));
            Check.SameLength(texts.Texts.Count, targets.Length, head.Name);
            var wrong = Array.FindIndex(targets, t => !float.IsNaN(t) && (head.Kind == HeadKind.Regression ? !float.IsFinite(t) : t != MathF.Floor(t) || t < 0 || t >= head.Labels.Count));
            if (wrong >= 0)
                throw new ArgumentException($"Text {wrong + 1} has {targets[wrong].ToString(CultureInfo.InvariantCulture)} for '{head.Name}'; expected is {(head.Kind == HeadKind.Regression ? "a finite number" : $"a label's number from 0 to {head.Labels.Count - 1}")}, or NaN for none.", nameof(texts));
        }
    }

    private static string Fingerprint(int[][] ids, HeadedTexts train, int[][] devIds, HeadedTexts? dev, IReadOnlyList<TextHead> heads, FineTuningOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (texts, given) in new[] { (ids, train), (devIds, dev) })
        {
            foreach (var text in texts)
            {
                hash.AppendData(BitConverter.GetBytes(text.Length));
                hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
            }
            foreach (var head in heads.Where(_ => given is not null)) hash.AppendData(MemoryMarshal.AsBytes(given!.Targets[head.Name].AsSpan()));
        }
        foreach (var head in heads) hash.AppendData(Encoding.UTF8.GetBytes($"{head.Name} {head.Kind} {string.Join('|', head.Labels)} {head.Mean:R} {head.Scale:R}\n"));
        foreach (var (name, value) in options.Settings()) hash.AppendData(Encoding.UTF8.GetBytes($"{name}={value}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
