using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Models;
using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Customers;

/// <summary>Labelled rows of all training cutoffs, one after another; a fifth of the customers only judge and calibrate.</summary>
internal sealed class JointRows
{
    private const int Groups = 5;

    public JointRows(TrainingData data)
    {
        var rows = data.Cutoffs.SelectMany(c => Enumerable.Range(0, c.Features.Rows).Select(row => (Id: c.Features.CustomerIds[row], Churned: c.Labels.Churned[row], Spend: c.Labels.Spend[row]))).ToArray();
        Targets = new([.. rows.Select(r => r.Churned ? 1f : 0f)], [.. rows.Select(r => (float)r.Spend)]);
        var held = rows.Select(r => TimeOrderedFolds.Group(r.Id, Groups) == 0).ToArray();
        // Where there are few customers a group may be empty; then all do both.
        if (held.All(h => h) || !held.Any(h => h)) (Learn, Held) = ([.. Enumerable.Range(0, rows.Length)], [.. Enumerable.Range(0, rows.Length)]);
        else (Learn, Held) = ([.. Enumerable.Range(0, rows.Length).Where(row => !held[row])], [.. Enumerable.Range(0, rows.Length).Where(row => held[row])]);
    }

    public JointTargets Targets { get; }

    /// <summary>Rows to learn from.</summary>
    public int[] Learn { get; }

    /// <summary>Rows of customers that weights are chosen by and answers calibrated on.</summary>
    public int[] Held { get; }

    /// <summary>Tells these rows and what they are read from apart from any others.</summary>
    /// <param name="read">What the network reads of the rows, in any form.</param>
    /// <param name="settings">What else decides the result.</param>
    public string Fingerprint(IEnumerable<byte[]> read, IEnumerable<KeyValuePair<string, string>> settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(Targets.Churned.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Targets.Spend.AsSpan()));
        foreach (var bytes in read)
        {
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        foreach (var (name, value) in settings) hash.AppendData(Encoding.UTF8.GetBytes($"{name}={value}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

/// <summary>Trains a network to foresee churn and spend of customers together, whatever it reads of them.</summary>
internal static class JointTuning
{
    public const string LossName = "joint_loss";

    /// <summary>Trains; the weights are then those that answered best for the customers held out.</summary>
    /// <param name="weights">All that learns.</param>
    /// <param name="options">How.</param>
    /// <param name="rows">Labels, and who learns.</param>
    /// <param name="lengths">[rows]: how much of a batch's budget a row takes.</param>
    /// <param name="outputs">[B, 4] of the rows of those numbers.</param>
    /// <param name="learning">Sets the network to learn or to answer.</param>
    /// <param name="fingerprint">Of data and settings.</param>
    /// <param name="folder">For checkpoints; null for none.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Ends the run after the step at work, with a checkpoint.</param>
    public static TrainingReport Train(
        TrainedWeights weights, TrainingOptions options, JointRows rows, IReadOnlyList<int> lengths, Func<int[], Tensor> outputs, Action<bool> learning, string fingerprint,
        string? folder, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        var buckets = new LengthBuckets([.. rows.Learn.Select(row => lengths[row])], options.TokensPerBatch, options.Seed);
        var judged = new LengthBuckets([.. rows.Held.Select(row => lengths[row])], options.TokensPerBatch, options.Seed).Epoch(0).Select(batch => batch.Select(b => rows.Held[b]).ToArray()).ToArray();
        (int Number, IReadOnlyList<int[]> Batches) epoch = (-1, []);
        var work = new TrainingWork(fingerprint, buckets.Count, (number, batch) =>
        {
            if (epoch.Number != number) epoch = (number, buckets.Epoch(number));
            int[] chosen = [.. epoch.Batches[batch].Select(b => rows.Learn[b])];
            return new(Loss(outputs, chosen, rows.Targets), (long)chosen.Length * chosen.Max(row => lengths[row]));
        })
        {
            Learning = learning,
            Evaluate = () => new Dictionary<string, double> { [LossName] = judged.Sum(batch => Measured(outputs, batch, rows.Targets) * batch.Length) / rows.Held.Length },
            Score = figures => -figures[LossName],
        };
        return new TrainingLoop(weights, options, TimeProvider.System).Run(work, folder, progress, cancellation);
    }

    private static double Measured(Func<int[], Tensor> outputs, int[] rows, JointTargets targets)
    {
        using var scope = NewDisposeScope();
        return Loss(outputs, rows, targets).item<float>();
    }

    private static Tensor Loss(Func<int[], Tensor> outputs, int[] rows, JointTargets targets)
    {
        using var scope = NewDisposeScope();
        return JointHead.Loss(outputs(rows), [.. rows.Select(row => targets.Churned[row])], [.. rows.Select(row => targets.Spend[row])]).MoveToOuterDisposeScope();
    }
}
