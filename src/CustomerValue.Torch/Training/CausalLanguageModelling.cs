using CustomerValue.Text;
using CustomerValue.Torch.Language;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Training;

/// <summary>How a decoder learns a language from bare texts.</summary>
public sealed record CausalOptions
{
    /// <summary>How it learns. The defaults are for imported weights; from scratch the step size is 1e-3.</summary>
    public TrainingOptions Training { get; init; } = new() { LearningRate = 1e-4, Epochs = 1, WeightDecay = 0.01 };

    /// <summary>How texts are laid into rows.</summary>
    public RowLayout Layout { get; init; } = RowLayout.Packed;
}

/// <summary>Training of a decoder: each token is guessed from those before it. From scratch, or from imported weights, whole or through an adapter.</summary>
public static class CausalLanguageModelling
{
    /// <summary>Trains, or goes on from the folder's checkpoint. Only what needs a gradient learns: attach an adapter first to train that alone.</summary>
    /// <param name="model">The decoder; it is changed.</param>
    /// <param name="options">How.</param>
    /// <param name="texts">What to learn from.</param>
    /// <param name="heldOut">Texts to measure on; empty for none.</param>
    /// <param name="special">The vocabulary's special tokens; the end parts texts.</param>
    /// <param name="folder">For checkpoints; null for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="time">The clock that speed is measured with.</param>
    /// <param name="cancellation">Ends the run after the step at work, with a checkpoint.</param>
    /// <exception cref="ArgumentException">There are no texts, or nothing of the model learns.</exception>
    /// <exception cref="DivergedException">The loss left the numbers or only rose.</exception>
    public static TrainingReport Train(
        CausalLanguageModel model, CausalOptions options, IReadOnlyList<int[]> texts, IReadOnlyList<int[]> heldOut, SpecialTokens special,
        string? folder, IProgress<TrainingStep>? progress, TimeProvider time, CancellationToken cancellation)
    {
        var training = options.Training;
        var length = Math.Min(training.MaxTokens, model.MaxPositions);
        var (plain, held) = (Plain(texts), Plain(heldOut));
        var rows = new TokenRows(plain, special, options.Layout, length, training.TokensPerBatch, training.Seed);
        var work = new TrainingWork($"causal {WordTokens.Fingerprint(plain)} {WordTokens.Fingerprint(held)} {options.Layout} {length} {model.GetType().Name} {model.VocabSize} {model.HiddenSize}", rows.Count,
            (epoch, batch) =>
            {
                var tokens = Tokens(rows.Epoch(epoch)[batch], special);
                return new(Loss(model, tokens).Mean, tokens.Ids.Length);
            })
        {
            Learning = learns => Precision.Learning(model, learns, training),
            Evaluate = heldOut.Count == 0 ? null : () => Figures(model, heldOut, special, length),
            Score = figures => -figures["loss"],
        };
        return new TrainingLoop(new([.. model.named_parameters().Select(p => (p.name, (Tensor)p.parameter))]), training, time).Run(work, folder, progress, cancellation);
    }

    /// <summary>How well the decoder foresees texts it hasn't seen: loss in nats a token, and perplexity, e to the loss. Each text by itself, its first token given.</summary>
    public static IReadOnlyDictionary<string, double> Figures(CausalLanguageModel model, IReadOnlyList<int[]> texts, SpecialTokens special, int maxTokens = 128)
    {
        using var _ = no_grad();
        var (loss, count) = (0.0, 0L);
        foreach (var batch in new TokenRows(Plain(texts), special, RowLayout.Single, Math.Min(maxTokens, model.MaxPositions), 4096, 1).Epoch(0))
        {
            using var scope = NewDisposeScope();
            var (mean, guessed) = Loss(model, Tokens(batch, special));
            if (guessed > 0) (loss, count) = (loss + mean.item<float>() * (double)guessed, count + guessed);
        }
        if (count == 0) throw new ArgumentException("No text has two tokens, so nothing can be foreseen. Give longer texts.", nameof(texts));
        return new Dictionary<string, double> { ["loss"] = loss / count, ["perplexity"] = Math.Exp(loss / count) };
    }

    private static WordTokens[] Plain(IReadOnlyList<int[]> texts) => [.. texts.Select(ids => new WordTokens(ids, new bool[ids.Length]))];

    private static TokenBatch Tokens(IReadOnlyList<WordTokens> rows, SpecialTokens special) => TokenBatch.Of([.. rows.Select(r => r.Ids)], special.Pad ?? special.End ?? 0);

    private static (Tensor Mean, long Guessed) Loss(CausalLanguageModel model, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = Batches.Tensors(batch);
        var states = model.States(ids, mask);                                                                              // [B, T, H]
        // A token is foreseen where both it and the one before it are text.
        var (positions, targets) = (new List<long>(batch.Ids.Length), new List<long>(batch.Ids.Length));
        for (var at = 0; at < batch.Ids.Length; at++)
            if ((at + 1) % batch.Length != 0 && batch.Mask[at + 1] == 1)
            {
                positions.Add(at);
                targets.Add(batch.Ids[at + 1]);
            }
        if (positions.Count == 0) return (states.sum().Times(0L).MoveToOuterDisposeScope(), 0);
        var before = states.reshape(-1, states.shape[2]).index_select(0, tensor(positions.ToArray()));                     // [M, H]
        return (F.cross_entropy(model.Logits(before), tensor(targets.ToArray())).MoveToOuterDisposeScope(), positions.Count);
    }
}
