using CustomerValue.Torch.Training;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Training;

public class TrainingLoopTests
{
    // A line through points: the loss of a batch is its mean squared distance, with dropout so that randomness takes part.
    private sealed class Line : IDisposable
    {
        private readonly Tensor _inputs = arange(64, dtype: ScalarType.Float32).view(16, 4) / 64 + 1;

        public Tensor Weight { get; } = zeros(4).requires_grad_();

        public TrainedWeights Weights => new([("line", Weight)]);

        public TrainingWork Work(double scale = 1) => new("line", 8, (epoch, batch) =>
        {
            var inputs = nn.functional.dropout(_inputs[TensorIndex.Slice(batch * 2, batch * 2 + 2)], 0.1, training: true);
            return new(((inputs * Weight).sum(1) - 3).square().mean() * scale, 8);
        })
        {
            Evaluate = () => new Dictionary<string, double> { ["fit"] = -(((_inputs * Weight).sum(1) - 3).square().mean().item<float>()) },
            Score = figures => figures["fit"],
        };

        public void Dispose()
        {
            _inputs.Dispose();
            Weight.Dispose();
        }
    }

    private static readonly TrainingOptions s_options = new() { Epochs = 10, LearningRate = 0.1, WeightDecay = 0, CheckpointEvery = 20, Seed = 3 };

    [Fact]
    public void A_run_learns_and_reports_every_step()
    {
        using var line = new Line();
        var steps = new List<TrainingStep>();
        var report = new TrainingLoop(line.Weights, s_options, TimeProvider.System).Run(line.Work(), null, new Told(steps.Add), default);

        Assert.Equal(80, report.Steps);
        Assert.Equal(Enumerable.Range(1, 80).Select(s => (long)s), steps.Select(s => s.Step));
        Assert.Equal(10, steps.Count(s => s.Evaluation is not null));
        Assert.InRange(report.Best!["fit"], -1, 0);                       // of -9 at the start
    }

    [Theory]
    [InlineData(KeptWeights.Last), InlineData(KeptWeights.Best), InlineData(KeptWeights.Average)]
    public void A_run_that_was_stopped_ends_with_the_same_bits(KeptWeights keep)
    {
        var options = s_options with { Keep = keep };
        using var whole = new Line();
        new TrainingLoop(whole.Weights, options, TimeProvider.System).Run(whole.Work(), null, null, default);

        var folder = Directory.CreateTempSubdirectory().FullName;
        using var stopped = new Line();
        using var cancel = new CancellationTokenSource();
        var progress = new Told(step => { if (step.Step == 33) cancel.Cancel(); });
        Assert.Throws<OperationCanceledException>(() => new TrainingLoop(stopped.Weights, options, TimeProvider.System).Run(stopped.Work(), folder, progress, cancel.Token));
        using var resumed = new Line();
        var seen = new List<long>();
        new TrainingLoop(resumed.Weights, options, TimeProvider.System).Run(resumed.Work(), folder, new Told(s => seen.Add(s.Step)), default);

        Assert.Equal(34, seen[0]);
        Assert.Equal(whole.Weight.data<float>().ToArray(), resumed.Weight.data<float>().ToArray());
    }

    [Fact]
    public void Another_option_does_not_go_on_from_the_same_folder()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var line = new Line();
        new TrainingLoop(line.Weights, s_options, TimeProvider.System).Run(line.Work(), folder, null, default);
        Assert.Contains("another run", Assert.Throws<InvalidDataException>(() =>
            new TrainingLoop(line.Weights, s_options with { LearningRate = 0.2 }, TimeProvider.System).Run(line.Work(), folder, null, default)).Message);
    }

    [Fact]
    public void Accumulated_batches_make_one_step()
    {
        using var line = new Line();
        var report = new TrainingLoop(line.Weights, s_options with { Accumulation = 4, Epochs = 3 }, TimeProvider.System).Run(line.Work(), null, null, default);
        Assert.Equal((6, 6 * 4 * 8), (report.Steps, report.Tokens));
    }

    [Fact]
    public void A_run_ends_when_nothing_gets_better_any_more()
    {
        using var line = new Line();
        var flat = line.Work() with { Evaluate = () => new Dictionary<string, double> { ["fit"] = 1 } };
        var report = new TrainingLoop(line.Weights, s_options with { Patience = 2 }, TimeProvider.System).Run(flat, null, null, default);
        Assert.Equal((24, 8), (report.Steps, report.BestStep));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_and_says_so()
    {
        using var line = new Line();
        Assert.Contains("halve it", Assert.Throws<DivergedException>(() =>
            new TrainingLoop(line.Weights, s_options, TimeProvider.System).Run(line.Work(double.NaN), null, null, default)).Message);
    }

    [Fact]
    public void A_loss_that_stays_far_above_its_start_stops_the_run()
    {
        var watch = new LossWatch();
        for (var step = 1; step <= 100; step++) watch.Take(step, 2, 1, 1e-3);
        var told = Assert.Throws<DivergedException>(() => { for (var step = 101; step < 1000; step++) watch.Take(step, 9, 1, 1e-3); });
        Assert.Contains("half above its start, 2", told.Message);
    }

    [Fact]
    public void A_loss_that_leaps_once_goes_on()
    {
        var watch = new LossWatch();
        for (var step = 1; step <= 1000; step++) watch.Take(step, step == 500 ? 50 : 2, 1, 1e-3);
        Assert.Equal(0, watch.State.Above);
    }

    private sealed class Told(Action<TrainingStep> told) : IProgress<TrainingStep>
    {
        public void Report(TrainingStep value) => told(value);
    }
}
