#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
// Question: how often do our taggers name the part of speech, and cut Chinese into words, as people did?
using CustomerValue.Cli;
using CustomerValue.Evaluation;
using CustomerValue.Experiments;
using CustomerValue.Text.Tagging;

Figure tagEn = new("tag_en", "tags, English"), tagZh = new("tag_zh", "tags, Chinese"), segmentZh = new("segment_zh", "words, Chinese");

return await new FigureExperiment("1005-taggers")
{
    Question   = "How often do our taggers name the part of speech, and cut Chinese into words, as people did?",
    Files      = TaggerEvaluation.Files,
    Figures    = [tagEn, tagZh, segmentZh],
    Candidates = [Candidate(TaggerLearner.Crf), Candidate(TaggerLearner.Perceptron)],
    ChosenBy   = tagEn,
    Seed       = 1005,
}.RunAsync(args);

Dictionary<string, double> ByKey(TaggerFigures figures) =>
    new() { [tagEn.Key] = figures.TagEn, [tagZh.Key] = figures.TagZh, [segmentZh.Key] = figures.SegmentZh };

// The same features and the same files, the weights learned in two ways.
FigureCandidate Candidate(TaggerLearner learner) => new(learner.ToString().ToLowerInvariant(), TaggerOptions.For(learner).Settings(), (context, cancellation) =>
{
    var report = TaggerEvaluation.Run(context.DataFolder, TaggerOptions.For(learner) with { Seed = context.Seed }, context.Progress, cancellation);
    return new(Test: ByKey(report.Test), Dev: ByKey(report.Dev));
});
