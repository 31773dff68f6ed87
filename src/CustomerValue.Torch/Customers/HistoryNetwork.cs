using CustomerValue.Models;
using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Customers;

/// <summary>An encoder over a history's sentence, and one head that answers of its first state and of the mean of all.</summary>
internal sealed class HistoryNetwork : nn.Module<TokenBatch, Tensor>
{
    private const int Start = 2, End = 3;
    private readonly Bert encoder;
    private readonly JointHead head;

    /// <param name="encoder">The encoder; it belongs to the network from now on.</param>
    /// <param name="seed">Of the head's weights.</param>
    /// <param name="targets">What the head is to learn.</param>
    public HistoryNetwork(Bert encoder, long seed, JointTargets targets) : base("history")
    {
        this.encoder = encoder;
        head = new(2 * encoder.Config.HiddenSize, seed, targets);
        RegisterComponents();
    }

    /// <summary>A sentence with [CLS] and [SEP] around it.</summary>
    public int[] Row(int[] sentence) => [Start, .. sentence.Take(encoder.Config.MaxPositions - 2), End];

    /// <param name="batch">[B x T].</param>
    /// <returns>[B, 4]; owned by the caller's dispose scope.</returns>
    public override Tensor forward(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        return head.forward(DropoutMask.Apply(Vectors(batch), encoder.Config.HiddenDropout, training)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoder.</summary>
    public Bert Encoder => encoder;

    /// <summary>The head as it is now.</summary>
    public DenseLayer Head => head.Frozen();

    private Tensor Vectors(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = Batches.Tensors(batch);
        var states = encoder.forward(ids, mask);                                                                           // [B, T, H]
        return cat([TextPooling.Pool(states, mask, Pooling.First), TextPooling.Pool(states, mask, Pooling.Mean)], 1).MoveToOuterDisposeScope();     // [B, 2H]
    }

    /// <summary>What it says of rows. Each is read alone: what a customer is told then doesn't depend, not in the last bit, on whom they are scored with.</summary>
    /// <param name="rows">[rows]: ids, as <see cref="Row"/> makes them.</param>
    /// <param name="threads">Rows at work at once; no answer depends on it.</param>
    /// <param name="cancellation">Stops between two parts.</param>
    /// <returns>[rows][4].</returns>
    public double[][] Outputs(int[][] rows, int threads, CancellationToken cancellation = default)
    {
        const int aPart = 64;
        eval();
        var (outputs, answer) = (new double[rows.Length][], head.Frozen());
        TorchThreads.Use(threads);
        TorchThreads.PartsAtOnce((rows.Length + aPart - 1) / aPart, part =>
        {
            using var quiet = no_grad();
            for (var row = part * aPart; row < Math.Min(rows.Length, (part + 1) * aPart); row++)
            {
                using var scope = NewDisposeScope();
                outputs[row] = answer.Of(Vectors(TokenBatch.Of([rows[row]], 0)).cpu().data<float>().ToArray());
            }
        }, cancellation);
        TorchMemory.Trim();
        return outputs;
    }
}
