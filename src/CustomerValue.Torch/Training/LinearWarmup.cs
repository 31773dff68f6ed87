namespace CustomerValue.Torch.Training;

/// <summary>A step size that grows from 0 in a straight line, then falls in one.</summary>
/// <param name="Highest">The highest step size.</param>
/// <param name="Warmup">Steps of growth.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Final">Share of the highest that is left at the end.</param>
public sealed record LinearWarmup(double Highest, long Warmup, long Steps, double Final = 0)
{
    /// <summary>The schedule of a run.</summary>
    public static LinearWarmup Of(TrainingOptions options, long steps) =>
        new(options.LearningRate, (long)Math.Ceiling(options.Warmup * steps), steps, options.FinalRate);

    /// <summary>The size of a step.</summary>
    /// <param name="step">The step's number, from 0.</param>
    public double At(long step)
    {
        if (step < Warmup) return Highest * (step + 1) / Warmup;
        var left = (double)Math.Max(0, Steps - step) / Math.Max(1, Steps - Warmup);
        return Highest * (Final + (1 - Final) * left);
    }
}
