namespace CustomerValue.Torch.Training;

/// <summary>Moves weights against their gradients.</summary>
internal interface IOptimiser
{
    /// <summary>Moves the weights.</summary>
    /// <param name="rate">The step size.</param>
    /// <param name="clip">Longest gradient, over all weights together; longer ones are shortened to it. 0: as they come.</param>
    /// <returns>The gradient's length before that; where it isn't finite, no weight was moved.</returns>
    double Step(double rate, double clip = 0);

    /// <summary>What the next step depends on besides the weights, by name: a checkpoint's arrays.</summary>
    IReadOnlyDictionary<string, Array> State();

    /// <summary>Goes on from another run's state.</summary>
    /// <param name="steps">Steps that it had taken.</param>
    /// <param name="state">What <see cref="State"/> gave, among other arrays.</param>
    void Resume(long steps, IReadOnlyDictionary<string, Array> state);
}
