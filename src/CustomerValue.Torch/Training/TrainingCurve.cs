using CustomerValue.Tracking;

namespace CustomerValue.Torch.Training;

/// <summary>Keeps how a training went, to be drawn: the loss of every step, and figures on evaluation texts where they were taken.</summary>
/// <param name="stage">What is trained, where progress is told to somebody else too.</param>
/// <param name="progress">Told how far it has come; null for nobody.</param>
public sealed class TrainingCurve(string stage = "training", IProgress<StageProgress>? progress = null) : IProgress<TrainingStep>
{
    /// <summary>Name of the loss on training texts among the points.</summary>
    public const string Loss = "loss";

    private readonly Lock _one = new();
    private readonly List<MetricPoint> _points = [];

    /// <summary>All points so far, in the order they came: <see cref="Loss"/>, and evaluation figures by their own names.</summary>
    public IReadOnlyList<MetricPoint> Points
    {
        get { lock (_one) return [.. _points]; }
    }

    /// <summary>The loss averaged over neighbouring steps, which single batches hide: as many points as asked for, or fewer.</summary>
    /// <param name="most">How many points.</param>
    public IReadOnlyList<MetricPoint> Smoothed(int most)
    {
        Check.Within(most, 1, 1_000_000);
        var losses = Points.Where(p => p.Name == Loss).ToList();
        var width = (losses.Count + most - 1) / most;
        return [.. losses.Chunk(Math.Max(1, width)).Select(part => part[^1] with { Value = part.Average(p => p.Value) }), .. Points.Where(p => p.Name != Loss)];
    }

    /// <inheritdoc/>
    public void Report(TrainingStep value)
    {
        lock (_one)
        {
            _points.Add(new(Loss, value.Loss, value.Step));
            foreach (var (name, figure) in value.Evaluation ?? new Dictionary<string, double>()) _points.Add(new(name, figure, value.Step));
        }
        progress?.Report(new(stage, value.Step, value.Steps, "steps", FormattableString.Invariant($"loss {value.Loss:0.000}")));
    }
}
