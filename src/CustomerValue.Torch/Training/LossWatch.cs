namespace CustomerValue.Torch.Training;

/// <summary>Follows a run's loss and stops a run that only grows worse.</summary>
internal sealed class LossWatch
{
    private const int Beginning = 20, Patience = 200;
    private const double Keeps = 0.98;

    /// <summary>Mean loss of the first steps, the mean of the last ones, and how many steps that one has stood far above.</summary>
    public (double Start, double Mean, long Above, long Seen) State { get; set; }

    /// <summary>Takes a step's loss.</summary>
    /// <exception cref="DivergedException">The loss or the gradient isn't finite, or the mean loss has been half as high again as at the start for 200 steps.</exception>
    public void Take(long step, double loss, double gradientNorm, double rate)
    {
        if (!double.IsFinite(loss) || !double.IsFinite(gradientNorm))
            throw new DivergedException(FormattableString.Invariant(
                $"Step {step}: the loss is {loss} and the gradient's length {gradientNorm}; both should be finite. The step size was {rate:0.#####e0}: halve it, warm up longer, or clip gradients (ClipNorm)."));
        var (start, mean, above, seen) = State;
        start = seen < Beginning ? (start * seen + loss) / (seen + 1) : start;
        mean = seen == 0 ? loss : Keeps * mean + (1 - Keeps) * loss;
        above = seen >= Beginning && mean > 1.5 * start + 0.1 ? above + 1 : 0;
        State = (start, mean, above, seen + 1);
        if (above >= Patience)
            throw new DivergedException(FormattableString.Invariant(
                $"Step {step}: the mean loss is {mean:0.###} and has stood more than half above its start, {start:0.###}, for {Patience} steps; it should fall. The step size was {rate:0.#####e0}: halve it or warm up longer."));
    }
}
