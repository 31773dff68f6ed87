using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Text;

namespace CustomerValue.Experiments;

/// <summary>What a finished run has to show: what plots are drawn from.</summary>
/// <param name="Experiment">What was asked.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Labels">What the test customers did.</param>
/// <param name="Scores">What each candidate foresaw for them, row for row, in the experiment's order.</param>
public sealed record RunFindings(Experiment Experiment, ExperimentResult Result, Labels Labels, IReadOnlyList<(string Name, Scores Scores)> Scores);

/// <summary>What a finished run on texts has to show: what plots are drawn from.</summary>
/// <param name="Experiment">What was asked.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Test">The texts that were judged on, with their labels.</param>
/// <param name="Answers">What each candidate told of them [texts][classes], in the experiment's order.</param>
public sealed record TextFindings(TextExperiment Experiment, FiguresResult Result, LabelledTexts Test, IReadOnlyList<(string Name, double[][] Probabilities)> Answers);
