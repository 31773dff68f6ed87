using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Experiments;

/// <summary>What a finished run has to show: what plots are drawn from.</summary>
/// <param name="Experiment">What was asked.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Labels">What the test customers did.</param>
/// <param name="Scores">What each candidate foresaw for them, row for row, in the experiment's order.</param>
public sealed record RunFindings(Experiment Experiment, ExperimentResult Result, Labels Labels, IReadOnlyList<(string Name, Scores Scores)> Scores);
