using System.Security.Cryptography;
using System.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>The loss of one batch, and how many tokens it read.</summary>
/// <param name="Loss">Scalar, in nats; owned by the step's dispose scope.</param>
/// <param name="Tokens">Tokens, padding included.</param>
internal readonly record struct BatchLoss(Tensor Loss, long Tokens);

/// <summary>What a run learns from.</summary>
/// <param name="Fingerprint">Digest of the data, and of whatever decides the loss besides <see cref="TrainingOptions"/>.</param>
/// <param name="BatchesPerEpoch">Batches of one pass over the data.</param>
/// <param name="Loss">The loss of an epoch's batch: (epoch, batch's number in it).</param>
internal sealed record TrainingWork(string Fingerprint, int BatchesPerEpoch, Func<int, int, BatchLoss> Loss)
{
    /// <summary>Figures on the evaluation texts; null where there are none.</summary>
    public Func<IReadOnlyDictionary<string, double>>? Evaluate { get; init; }

    /// <summary>Tells better figures from worse: higher is better. Needed where <see cref="Evaluate"/> is there.</summary>
    public Func<IReadOnlyDictionary<string, double>, double> Score { get; init; } = _ => 0;

    /// <summary>Sets the model to learn (dropout) or to answer.</summary>
    public Action<bool>? Learning { get; init; }
}

/// <summary>Batch, forward, loss, backward, clip, step, report: until the steps are done.</summary>
/// <param name="weights">What learns.</param>
/// <param name="options">How.</param>
/// <param name="time">The clock that speed is measured with.</param>
internal sealed class TrainingLoop(TrainedWeights weights, TrainingOptions options, TimeProvider time)
{
    private const int TrimEvery = 10, AverageEvery = 10;
    private readonly IOptimiser _optimiser = weights.OnProcessor
        ? new AdamW(weights, options.Beta1, options.Beta2, options.WeightDecay) : new TensorAdamW(weights, options.Beta1, options.Beta2, options.WeightDecay);
    private readonly LossWatch _watch = new();
    private float[]? _average, _best;
    private IReadOnlyDictionary<string, double>? _bestFigures;
    private long? _bestStep;
    private int _waited;

    /// <summary>Runs to the end, or goes on from the folder's checkpoint; the weights are then those that <see cref="TrainingOptions.Keep"/> names.</summary>
    /// <param name="work">What to learn from.</param>
    /// <param name="folder">Where checkpoints are kept; null for none.</param>
    /// <param name="progress">Told of every step; null for nobody.</param>
    /// <param name="cancellation">Ends the run after the step at work; a checkpoint is written first.</param>
    /// <exception cref="DivergedException">The loss left the numbers or only rose.</exception>
    /// <exception cref="InvalidDataException">The folder's checkpoint is of another run.</exception>
    public TrainingReport Run(TrainingWork work, string? folder, IProgress<TrainingStep>? progress, CancellationToken cancellation)
    {
        if (weights.OnProcessor) options.RequireProcessor();
        if (work.BatchesPerEpoch == 0) throw new ArgumentException("There is nothing to learn from: no batch has a text in it.", nameof(work));
        TorchThreads.Use(options.Threads);
        var perEpoch = Math.Max(1, work.BatchesPerEpoch / options.Accumulation);
        var steps = Math.Min(options.Steps ?? long.MaxValue, (long)perEpoch * options.Epochs);
        var (rates, run) = (LinearWarmup.Of(options, steps), Digest(work, steps));
        var checkpoint = folder is null ? null : new Checkpoint(folder);
        var done = checkpoint?.Load(run) is { } saved ? Resume(saved.State, saved.Arrays) : 0;
        var (clock, stopped) = (new StepClock(time, steps), false);

        work.Learning?.Invoke(true);
        while (done < steps && !stopped)
        {
            if (cancellation.IsCancellationRequested)
            {
                checkpoint?.Save(State(run, done), Arrays());
                cancellation.ThrowIfCancellationRequested();
            }
            var rate = rates.At(done);
            var (loss, tokens) = Backward(work, perEpoch, done);
            var norm = _optimiser.Step(rate, options.ClipNorm);
            weights.ForgetGradients();
            _watch.Take(++done, loss, norm, rate);
            Average(done);
            if (done % TrimEvery == 0) TorchMemory.Trim();
            clock.Took(tokens);

            var figures = done == steps || done % Every(perEpoch) == 0 ? Evaluate(work, done) : null;
            progress?.Report(new(done, steps, (double)done / perEpoch, loss, rate, norm, clock.TokensPerSecond, clock.Left(done), figures));
            stopped = options.Patience > 0 && _waited >= options.Patience;
            if (done % options.CheckpointEvery == 0 || stopped || done == steps) checkpoint?.Save(State(run, done, stopped ? steps : done), Arrays());
        }
        work.Learning?.Invoke(false);
        Keep();
        return new(done, clock.Tokens, clock.Seconds, _watch.State.Mean, _bestStep, _bestFigures);
    }

    private (double Loss, long Tokens) Backward(TrainingWork work, int perEpoch, long step)
    {
        using var scope = NewDisposeScope();
        manual_seed((long)(SplitMix64.Stream(options.Seed, step).Next() >> 1));         // dropout follows from the step, so a resumed run repeats it
        var (epoch, first) = ((int)(step / perEpoch), (int)(step % perEpoch) * options.Accumulation);
        var (sum, tokens) = (0.0, 0L);
        for (var part = 0; part < options.Accumulation; part++)
        {
            using var batch = NewDisposeScope();
            var (loss, read) = work.Loss(epoch, (first + part) % work.BatchesPerEpoch);
            if (options.Accumulation > 1) loss = loss.Over(options.Accumulation);
            loss.backward();
            (sum, tokens) = (sum + loss.item<float>(), tokens + read);
        }
        return (sum, tokens);
    }

    private int Every(int perEpoch) => options.EvaluateEvery > 0 ? options.EvaluateEvery : perEpoch;

    private IReadOnlyDictionary<string, double>? Evaluate(TrainingWork work, long step)
    {
        if (work.Evaluate is null) return null;
        work.Learning?.Invoke(false);
        var own = _average is null ? null : weights.Copy();
        if (_average is not null) weights.Restore(_average);
        IReadOnlyDictionary<string, double> figures;
        using (no_grad()) figures = work.Evaluate();
        if (own is not null) weights.Restore(own);
        work.Learning?.Invoke(true);

        _waited++;
        if (_bestFigures is not null && !(work.Score(figures) > work.Score(_bestFigures))) return figures;
        (_bestFigures, _bestStep, _waited) = (figures, step, 0);
        if (options.Keep == KeptWeights.Best) _best = weights.Copy();
        return figures;
    }

    // Every tenth step, with the decay of ten: the same mean for a tenth of the passes over memory.
    private void Average(long done)
    {
        if (options.Keep != KeptWeights.Average || done % AverageEvery != 0 && _average is not null) return;
        if (_average is null)
        {
            _average = weights.Copy();
            return;
        }
        using var scope = NewDisposeScope();
        // Early on a plain mean: the first weights would otherwise stay in it for long.
        var keeps = (float)Math.Min(Math.Pow(options.AverageDecay, AverageEvery), 1 - 1.0 / (1 + done / AverageEvery));
        for (var at = 0; at < weights.All.Count; at++)
        {
            var now = weights.All[at].Elements;
            var mean = _average.AsSpan(weights.Offsets[at], weights.All[at].Count);
            for (var i = 0; i < mean.Length; i++) mean[i] = keeps * mean[i] + (1 - keeps) * now[i];
        }
    }

    private void Keep()
    {
        if (options.Keep == KeptWeights.Best && _best is not null) weights.Restore(_best);
        if (options.Keep == KeptWeights.Average && _average is not null) weights.Restore(_average);
    }

    private string Digest(TrainingWork work, long steps)
    {
        if (!weights.OnProcessor) work = work with { Fingerprint = $"{work.Fingerprint} {weights.All[0].Value.device_type}" };
        var told = new StringBuilder(work.Fingerprint).Append('\n').Append(steps).Append('\n').Append(weights.Layout());
        foreach (var (name, value) in options.Settings()) told.Append('\n').Append(name).Append('=').Append(value);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told.ToString())))[..16];
    }

    private CheckpointState State(string run, long done, long? counted = null) => new(
        run, counted ?? done, _bestStep, _bestFigures, _waited, _watch.State.Start, _watch.State.Mean, _watch.State.Above, _watch.State.Seen);

    private Dictionary<string, Array> Arrays()
    {
        var arrays = new Dictionary<string, Array>(_optimiser.State()) { ["weights"] = weights.Copy() };
        if (_average is not null) arrays["average"] = _average;
        if (_best is not null) arrays["best"] = _best;
        return arrays;
    }

    private long Resume(CheckpointState state, IReadOnlyDictionary<string, Array> arrays)
    {
        weights.Restore((float[])arrays["weights"]);
        _optimiser.Resume(state.Step, arrays);
        (_average, _best) = (arrays.GetValueOrDefault("average") as float[], arrays.GetValueOrDefault("best") as float[]);
        (_bestStep, _bestFigures, _waited) = (state.BestStep, state.Best, state.Waited);
        _watch.State = (state.LossStart, state.LossMean, state.LossAbove, state.LossSeen);
        return state.Step;
    }

    /// <summary>Speed over the last steps, and the time left at it.</summary>
    private sealed class StepClock(TimeProvider time, long steps)
    {
        private const int Window = 50, Enough = 3;
        private readonly long _began = time.GetTimestamp();
        private readonly Queue<(long At, long Tokens)> _last = new([(time.GetTimestamp(), 0)]);

        public long Tokens { get; private set; }

        public double Seconds => time.GetElapsedTime(_began).TotalSeconds;

        public double TokensPerSecond { get; private set; }

        public void Took(long tokens)
        {
            Tokens += tokens;
            var now = time.GetTimestamp();
            _last.Enqueue((now, Tokens));
            if (_last.Count > Window) _last.Dequeue();
            var seconds = time.GetElapsedTime(_last.Peek().At, now).TotalSeconds;
            TokensPerSecond = seconds > 0 ? (Tokens - _last.Peek().Tokens) / seconds : 0;
            SecondsPerStep = seconds / (_last.Count - 1);
        }

        private double SecondsPerStep { get; set; }

        public TimeSpan? Left(long done) => _last.Count <= Enough ? null : TimeSpan.FromSeconds(SecondsPerStep * (steps - done));
    }
}
