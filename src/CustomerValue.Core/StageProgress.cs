namespace CustomerValue;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Stage">What is being done, in a word or two.</param>
/// <param name="Done">Units done so far.</param>
/// <param name="Total">Units in all; null when that isn't known.</param>
/// <param name="Unit">What is counted: rows, partitions, customers, ...</param>
/// <param name="Note">How it stands besides, in a few words, such as a loss; null for nothing.</param>
public readonly record struct StageProgress(string Stage, double Done, double? Total, string Unit, string? Note = null);
