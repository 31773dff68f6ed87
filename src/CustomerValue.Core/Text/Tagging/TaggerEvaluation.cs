namespace CustomerValue.Text.Tagging;

/// <summary>How good a tagger is on sentences that it hasn't seen.</summary>
/// <param name="Words">Words in the sentences.</param>
/// <param name="Accuracy">Share of words with the right tag, the words being given.</param>
/// <param name="SegmentF1">F1 of the words that it cuts itself, by their places in the text; null for languages with spaces.</param>
/// <param name="JointF1">The same where the tag must be right too.</param>
public sealed record TaggerScores(int Words, double Accuracy, double? SegmentF1, double? JointF1);

/// <summary>The three figures of the taggers' task.</summary>
/// <param name="TagEn">English: accuracy of tags, words given.</param>
/// <param name="TagZh">Chinese: the same.</param>
/// <param name="SegmentZh">Chinese: F1 of words.</param>
/// <param name="English">All figures of the English tagger.</param>
/// <param name="Chinese">All figures of the Chinese tagger.</param>
public sealed record TaggerFigures(double TagEn, double TagZh, double SegmentZh, TaggerScores English, TaggerScores Chinese);

/// <summary>The figures of one training on both parts that it wasn't trained on.</summary>
/// <param name="Dev">What choices are made by.</param>
/// <param name="Test">What is reported.</param>
public sealed record TaggerReport(TaggerFigures Dev, TaggerFigures Test);

/// <summary>Judges taggers on treebanks.</summary>
public static class TaggerEvaluation
{
    /// <summary>The files that <see cref="Run"/> reads, relative to the folder of data sets.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. from treebank in new[] { "ud_english_ewt", "ud_chinese" }
           from split in new[] { "train", "dev", "test" }
           select $"{treebank}/{split}.conllu.gz",
    ];

    /// <summary>Trains an English and a Chinese tagger, and judges them on dev and test.</summary>
    /// <param name="folder">The folder of data sets, with ud_english_ewt and ud_chinese in it.</param>
    /// <param name="options">How both are trained.</param>
    /// <param name="progress">Told how far the training has come; null for nobody.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="FileNotFoundException">A treebank isn't there.</exception>
    public static TaggerReport Run(string folder, TaggerOptions options, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (english, chinese) = (Path.Combine(folder, "ud_english_ewt"), Path.Combine(folder, "ud_chinese"));
        var en = new TaggerTrainer("en", options).Fit(Treebank.ReadSplit(english, "train"), progress, cancellation);
        var zh = new TaggerTrainer("zh", options).Fit(Treebank.ReadSplit(chinese, "train"), progress, cancellation);
        return new(Figures("dev"), Figures("test"));

        TaggerFigures Figures(string split)
        {
            var (e, z) = (Of(en, Treebank.ReadSplit(english, split)), Of(zh, Treebank.ReadSplit(chinese, split)));
            return new(e.Accuracy, z.Accuracy, z.SegmentF1!.Value, e, z);
        }
    }

    /// <summary>Judges a tagger.</summary>
    /// <param name="tagger">The tagger.</param>
    /// <param name="sentences">Sentences with the right words and tags.</param>
    public static TaggerScores Of(PartOfSpeechTagger tagger, IReadOnlyList<TaggedSentence> sentences)
    {
        var words = sentences.Sum(s => s.Words.Count);
        var right = sentences.Sum(s => tagger.Tag(s.Words).Where((tag, at) => tag == s.Tags[at]).Count());
        if (!tagger.Segments) return new(words, (double)right / words, null, null);

        var (found, same, sameTagged) = (0, 0, 0);
        foreach (var sentence in sentences)
        {
            var gold = Spans(sentence.Words).Zip(sentence.Tags).ToDictionary(s => s.First, s => s.Second);
            var cut = tagger.Segment(string.Concat(sentence.Words));
            var tags = tagger.Tag(cut);
            foreach (var (span, tag) in Spans(cut).Zip(tags))
            {
                found++;
                if (!gold.TryGetValue(span, out var expected)) continue;
                same++;
                if (tag == expected) sameTagged++;
            }
        }
        return new(words, (double)right / words, 2.0 * same / (found + words), 2.0 * sameTagged / (found + words));
    }

    private static IEnumerable<(int Start, int End)> Spans(IReadOnlyList<string> words)
    {
        var start = 0;
        foreach (var word in words)
        {
            yield return (start, start + word.Length);
            start += word.Length;
        }
    }
}
