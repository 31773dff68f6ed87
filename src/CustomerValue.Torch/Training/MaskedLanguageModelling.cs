using CustomerValue.Text;
using CustomerValue.Torch.Language;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Training;

/// <summary>How an encoder learns a language from bare texts.</summary>
public sealed record MaskedOptions
{
    /// <summary>How it learns. The defaults are for a small encoder from scratch; give imported weights a step size of 1e-4 or less.</summary>
    public TrainingOptions Training { get; init; } = new() { LearningRate = 1e-3, Epochs = 4, WeightDecay = 0.01 };

    /// <summary>Share of the tokens to guess.</summary>
    public double MaskRate { get; init => field = Check.Within(value, 0.01, 0.9); } = 0.15;

    /// <summary>How texts are laid into rows.</summary>
    public RowLayout Layout { get; init; }
}

/// <summary>Pre-training of an encoder: words are hidden, and guessed from what stands around them. From scratch, or from imported weights.</summary>
/// <remarks>Devlin et al. (2019), "BERT". Only the hidden positions go through the vocabulary, which is the widest product of a small model.</remarks>
public static class MaskedLanguageModelling
{
    // Masks of the held-out texts are drawn from a stream of their own, the same at every evaluation.
    private const int HeldOutSeed = 20260101;

    /// <summary>Trains, or goes on from the folder's checkpoint.</summary>
    /// <param name="model">The encoder with its vocabulary head; it is changed.</param>
    /// <param name="options">How.</param>
    /// <param name="texts">What to learn from.</param>
    /// <param name="heldOut">Texts to measure on; empty for none.</param>
    /// <param name="special">The vocabulary's special tokens.</param>
    /// <param name="folder">For checkpoints; null for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="time">The clock that speed is measured with.</param>
    /// <param name="cancellation">Ends the run after the step at work, with a checkpoint.</param>
    /// <exception cref="ArgumentException">The vocabulary has no [MASK], or there are no texts.</exception>
    /// <exception cref="DivergedException">The loss left the numbers or only rose.</exception>
    public static TrainingReport Train(
        BertForMaskedLM model, MaskedOptions options, IReadOnlyList<WordTokens> texts, IReadOnlyList<WordTokens> heldOut, SpecialTokens special,
        string? folder, IProgress<TrainingStep>? progress, TimeProvider time, CancellationToken cancellation)
    {
        var training = options.Training;
        var length = Math.Min(training.MaxTokens, model.Encoder.Config.MaxPositions);
        var rows = new TokenRows(texts, special, options.Layout, length, training.TokensPerBatch, training.Seed);
        var masked = new MaskedTokens(special, model.Encoder.Config.VocabSize, options.MaskRate);
        var work = new TrainingWork($"masked {WordTokens.Fingerprint(texts)} {WordTokens.Fingerprint(heldOut)} {options.MaskRate} {options.Layout} {length} {model.Encoder.Config}", rows.Count,
            (epoch, batch) =>
            {
                var read = masked.Of(rows.Epoch(epoch)[batch], SplitMix64.Stream(training.Seed, ((long)epoch << 32) + batch));
                return new(Loss(model, read), read.Tokens.Ids.Length);
            })
        {
            Learning = learns => Precision.Learning(model, learns, training),
            Evaluate = heldOut.Count == 0 ? null : () => Figures(model, heldOut, special, options.MaskRate, length),
            Score = figures => -figures["masked_loss"],
        };
        using var tables = new SparseTables(model, tied: model.Encoder.Words);
        return new TrainingLoop(new([.. model.named_parameters().Select(p => (p.name, (Tensor)p.parameter))], training.RateScale), training, time).Run(work, folder, progress, cancellation);
    }

    /// <summary>How well the model guesses hidden words of texts it hasn't seen: masked_loss in nats a token, masked_accuracy, and perplexity, e to the loss.</summary>
    /// <remarks>The same texts have the same masks every time.</remarks>
    public static IReadOnlyDictionary<string, double> Figures(BertForMaskedLM model, IReadOnlyList<WordTokens> texts, SpecialTokens special, double maskRate = 0.15, int maxTokens = 128)
    {
        using var _ = no_grad();
        var rows = new TokenRows(texts, special, RowLayout.Single, Math.Min(maxTokens, model.Encoder.Config.MaxPositions), 4096, HeldOutSeed).Epoch(0);
        var masked = new MaskedTokens(special, model.Encoder.Config.VocabSize, maskRate);
        var (loss, right, count) = (0.0, 0L, 0L);
        for (var batch = 0; batch < rows.Count; batch++)
        {
            using var scope = NewDisposeScope();
            var read = masked.Of(rows[batch], SplitMix64.Stream(HeldOutSeed, batch));
            var (logits, targets) = (Logits(model, read), tensor(read.Targets));
            loss += F.cross_entropy(logits, targets, reduction: TorchSharp.torch.nn.Reduction.Sum).item<float>();
            right += logits.argmax(1).eq(targets).sum().item<long>();
            count += read.Targets.Length;
        }
        return new Dictionary<string, double> { ["masked_loss"] = loss / count, ["masked_accuracy"] = (double)right / count, ["perplexity"] = Math.Exp(loss / count) };
    }

    private static Tensor Loss(BertForMaskedLM model, MaskedBatch batch)
    {
        using var scope = NewDisposeScope();
        return F.cross_entropy(Logits(model, batch), tensor(batch.Targets)).MoveToOuterDisposeScope();
    }

    private static Tensor Logits(BertForMaskedLM model, MaskedBatch batch)
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = Batches.Tensors(batch.Tokens);
        var states = model.Encoder.forward(ids, mask);                                                                     // [B, T, H]
        var hidden = states.view(-1, states.shape[2]).index_select(0, tensor(batch.Positions));                            // [M, H]
        return model.Logits(hidden).MoveToOuterDisposeScope();                                                             // [M, V]
    }
}
