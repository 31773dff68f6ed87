using System.CommandLine;
using System.Diagnostics;
using CustomerValue.Text.Tagging;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What train-tagger made.</summary>
/// <param name="File">The tagger's file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Language">en or zh.</param>
/// <param name="Learner">How weights were learned: crf or perceptron.</param>
/// <param name="Sentences">Sentences learned from.</param>
/// <param name="Seconds">Time of the training.</param>
/// <param name="JudgedOn">The part of the treebank that it was judged on.</param>
/// <param name="Scores">How good it is there.</param>
internal sealed record TrainedTagger(string File, long Bytes, string Language, string Learner, int Sentences, double Seconds, string JudgedOn, TaggerScores Scores);

/// <summary>Trains a part-of-speech tagger on a treebank.</summary>
internal static class TrainTaggerCommand
{
    private static readonly Option<string> s_treebank = new("--treebank") { Description = "A folder with train, dev and test as .conllu or .conllu.gz.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_language = new("--language") { Description = "en, or zh: then it also learns to cut text into words.", Required = true };
    private static readonly Option<string> s_output = new("--output") { Description = "Where to write the tagger.", Required = true, HelpName = "FILE" };
    private static readonly Option<TaggerLearner> s_learner = new("--learner") { Description = "How weights are learned: crf (most exact), or perceptron, the averaged perceptron, which learns from mistakes alone.", DefaultValueFactory = _ => TaggerLearner.Crf };
    private static readonly Option<int?> s_epochs = new("--epochs") { Description = Terminal.Text($"Times that the sentences are gone over (default: what did best on dev, {TaggerOptions.For(TaggerLearner.Crf).Epochs} for crf and {TaggerOptions.For(TaggerLearner.Perceptron).Epochs} for perceptron).") };
    private static readonly Option<int> s_seed = new("--seed") { Description = "Seed of the sentences' order.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> s_judge = new("--judge") { Description = "The part to judge it on: dev for choices, test once they are made.", DefaultValueFactory = _ => "dev" };

    public static Command Create() => new Command("train-tagger",
        """
        Train a part-of-speech tagger on a treebank (CoNLL-U), for Chinese jointly with the cutting of text into words.

        It learns from the part called train, on one thread, in about a minute, and writes one file of a few megabytes; the same seed gives the same file.
        Both learners weigh the same features and write the same kind of file.

        Example: customervalue text train-tagger --treebank ../shared/data/ud_chinese --language zh --output artifacts/zh.tagger
        """)
    {
        s_treebank, s_language, s_output, s_learner, s_epochs, s_seed, s_judge,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (folder, language, output, judge) = (parsed.GetValue(s_treebank)!, parsed.GetValue(s_language)!, parsed.GetValue(s_output)!, parsed.GetValue(s_judge)!);
        if (language is not ("en" or "zh")) throw new UsageException($"--language {language}: there is en and zh.");
        var options = TaggerOptions.For(parsed.GetValue(s_learner));
        if ((parsed.GetValue(s_epochs) ?? options.Epochs) is var epochs && epochs is < 1 or > 1000) throw new UsageException($"--epochs {epochs}: it must lie between 1 and 1000.");
        if (!Directory.Exists(folder)) throw new UsageException($"--treebank {folder}: there is no such folder.");
        var (train, judged) = (Treebank.ReadSplit(folder, "train"), Treebank.ReadSplit(folder, judge));
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } parent) Directory.CreateDirectory(parent);

        var clock = Stopwatch.StartNew();
        var tagger = new TaggerTrainer(language, options with { Epochs = epochs, Seed = parsed.GetValue(s_seed) }).Fit(train, terminal, cancellation);
        var seconds = clock.Elapsed.TotalSeconds;
        tagger.Save(output);
        var result = new TrainedTagger(output, new FileInfo(output).Length, language, options.Settings()["learner"], train.Count, seconds, judge, TaggerEvaluation.Of(tagger, judged));
        terminal.Line(Terminal.Text($"{result.Sentences:#,0} sentences in {seconds:0.0} s; {result.Bytes:#,0} bytes written to {output}"));
        terminal.Line(Terminal.Text($"On {judge}: {result.Scores.Accuracy:0.0000} of {result.Scores.Words:#,0} words have the right tag."));
        if (result.Scores.SegmentF1 is { } f1) terminal.Line(Terminal.Text($"Words that it cuts itself: F1 {f1:0.0000}, with the right tag {result.Scores.JointF1:0.0000}."));
        return result;
    }, CancellationToken.None), cancelled: "Cancelled. Nothing was written.");
}
