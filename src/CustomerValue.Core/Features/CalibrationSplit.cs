namespace CustomerValue.Features;

/// <summary>A split in time: history ends before the cutoff, the horizon [cutoff, cutoff + weeks) is what is to be foreseen.</summary>
/// <param name="Cutoff">First day of the horizon; nothing dated on or after it is history.</param>
/// <param name="HorizonWeeks">Length of the horizon, in weeks.</param>
public readonly record struct CalibrationSplit(DateOnly Cutoff, double HorizonWeeks);
