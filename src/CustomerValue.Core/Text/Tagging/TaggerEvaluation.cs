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

/// <summary>Judges taggers on treebanks.</summary>
public static class TaggerEvaluation
{
    /// <summary>Trains both taggers on the train parts of ud_english_ewt and ud_chinese and judges them on another part.</summary>
    /// <param name="folder">The folder that holds both treebanks' folders.</param>
    /// <param name="split">dev, for choices; test, once they are made.</param>
    /// <param name="seed">Seed of the training.</param>
    /// <param name="progress">Told how far the training has come.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="FileNotFoundException">A treebank isn't there.</exception>
    public static TaggerFigures Run(string folder, string split, int seed, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var english = Run("en", Path.Combine(folder, "ud_english_ewt"), split, seed, progress, cancellation);
        var chinese = Run("zh", Path.Combine(folder, "ud_chinese"), split, seed, progress, cancellation);
        return new(english.Accuracy, chinese.Accuracy, chinese.SegmentF1!.Value, english, chinese);
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

    private static TaggerScores Run(string language, string folder, string split, int seed, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (train, judged) = (Treebank.ReadSplit(folder, "train"), Treebank.ReadSplit(folder, split));
        return Of(new TaggerTrainer(language, new() { Seed = seed }).Fit(train, progress, cancellation), judged);
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
