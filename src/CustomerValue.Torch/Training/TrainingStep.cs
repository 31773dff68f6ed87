namespace CustomerValue.Torch.Training;

/// <summary>What a step of a run did.</summary>
/// <param name="Step">The step's number, from 1.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Epoch">Passes over the data so far, with its fraction.</param>
/// <param name="Loss">The batch's loss, in nats.</param>
/// <param name="LearningRate">The step size.</param>
/// <param name="GradientNorm">Length of the gradient before clipping.</param>
/// <param name="TokensPerSecond">Over the last steps, padding included.</param>
/// <param name="Left">Time to the last step at that speed; null while too little has been seen to tell.</param>
/// <param name="Evaluation">Figures on the evaluation texts, where they were taken after this step.</param>
public sealed record TrainingStep(
    long Step, long Steps, double Epoch, double Loss, double LearningRate, double GradientNorm, double TokensPerSecond, TimeSpan? Left,
    IReadOnlyDictionary<string, double>? Evaluation = null);

/// <summary>How a run ended.</summary>
/// <param name="Steps">Steps taken; fewer than planned where it ended early.</param>
/// <param name="Tokens">Tokens read by the process that ended it, padding included.</param>
/// <param name="Seconds">Time of the process that ended it.</param>
/// <param name="Loss">Mean loss of the last steps, in nats.</param>
/// <param name="BestStep">The step whose weights scored best; null where nothing was evaluated.</param>
/// <param name="Best">The figures at that step.</param>
public sealed record TrainingReport(long Steps, long Tokens, double Seconds, double Loss, long? BestStep, IReadOnlyDictionary<string, double>? Best);

/// <summary>The loss has left the numbers, or stayed far above where it began.</summary>
public sealed class DivergedException(string message) : Exception(message);
