using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class TrainingCurveTests
{
    private sealed class Told : IProgress<StageProgress>
    {
        public List<StageProgress> All { get; } = [];
        public void Report(StageProgress value) => All.Add(value);
    }

    private static TrainingStep Step(long step, double loss, Dictionary<string, double>? evaluation = null) => new(step, 4, step / 4.0, loss, 1e-3, 1, 100, null, evaluation);

    [Fact]
    public void Losses_and_evaluations_are_kept_by_step_and_passed_on()
    {
        var told = new Told();
        var curve = new TrainingCurve("tuning", told);
        for (var step = 1; step <= 4; step++) curve.Report(Step(step, 5 - step, step % 2 == 0 ? new() { ["dev_loss"] = step } : null));
        Assert.Equal([("loss", 4, 1), ("loss", 3, 2), ("dev_loss", 2, 2), ("loss", 2, 3), ("loss", 1, 4), ("dev_loss", 4, 4)], curve.Points.Select(p => (p.Name, p.Value, p.Step)));
        Assert.Equal(new StageProgress("tuning", 4, 4, "steps", "loss 1.000"), told.All[^1]);
    }

    [Fact]
    public void Smoothed_losses_are_means_of_neighbours_and_evaluations_stay()
    {
        var curve = new TrainingCurve();
        for (var step = 1; step <= 4; step++) curve.Report(Step(step, step, step == 4 ? new() { ["dev_loss"] = 9 } : null));
        Assert.Equal([("loss", 1.5, 2), ("loss", 3.5, 4), ("dev_loss", 9, 4)], curve.Smoothed(2).Select(p => (p.Name, p.Value, p.Step)));
        Assert.Equal(5, curve.Smoothed(100).Count);
    }
}
