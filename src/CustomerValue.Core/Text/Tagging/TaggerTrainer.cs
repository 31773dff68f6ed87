namespace CustomerValue.Text.Tagging;

/// <summary>Learns a part-of-speech tagger from tagged sentences; for Chinese also to cut text into words, jointly with their tags.</summary>
/// <param name="language">en or zh.</param>
/// <param name="options">How to train; the same options and sentences give the same tagger.</param>
/// <exception cref="ArgumentException">The language is neither.</exception>
public sealed class TaggerTrainer(string language, TaggerOptions? options = null) : IEstimator<IReadOnlyList<TaggedSentence>, PartOfSpeechTagger>
{
    private const int MostTags = 60;                       // tag x 4 + place has to fit a byte

    private readonly string _language = language is "en" or "zh" ? language
        : throw new ArgumentException($"There is no tagger for the language '{language}'. There are: en, zh.", nameof(language));
    private readonly TaggerOptions _options = options ?? new();

    /// <inheritdoc/>
    public PartOfSpeechTagger Fit(IReadOnlyList<TaggedSentence> data) => Fit(data, null, CancellationToken.None);

    /// <summary>Learns from <paramref name="sentences"/>.</summary>
    /// <param name="sentences">Sentences with tags.</param>
    /// <param name="progress">Told how many sentences were gone over.</param>
    /// <param name="cancellation">Stops the training; nothing is kept.</param>
    /// <exception cref="ArgumentException">There is no sentence, or a sentence lacks a word or a tag, or there are too many tags.</exception>
    public PartOfSpeechTagger Fit(IReadOnlyList<TaggedSentence> sentences, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        Refuse(sentences);
        string[] tags = [.. sentences.SelectMany(s => s.Tags).Distinct().Order(StringComparer.Ordinal)];
        if (tags.Length > MostTags) throw new ArgumentException($"The sentences have {tags.Length} tags; at most {MostTags} can be learned. Universal tags (UPOS) are 17.", nameof(sentences));
        var numbers = tags.Select((tag, number) => (tag, number)).ToDictionary(t => t.tag, t => t.number);

        var (lexicon, places) = (new TagLexicon(tags.Length), new CharacterPlaces());
        foreach (var sentence in sentences)
            for (var at = 0; at < sentence.Words.Count; at++)
            {
                var word = WordFeatures.Folded(sentence.Words[at]);
                lexicon.Add(FeatureRows.Key(word), numbers[sentence.Tags[at]]);
                if (_language == "zh") places.Add(word);
            }

        var tagger = Tagger(sentences, numbers, lexicon, progress, cancellation);
        var (labels, segmenter) = _language == "zh" ? Segmenter(sentences, numbers, lexicon, places, progress, cancellation) : ([], null);
        return new(new(_language, tags, lexicon, tagger, places, labels, segmenter));
    }

    private ChainModel Tagger(
        IReadOnlyList<TaggedSentence> sentences, Dictionary<string, int> numbers, TagLexicon lexicon, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (features, rows, data) = (new WordFeatures(lexicon, _language == "zh"), new FeatureRows(), new ChainData());
        foreach (var sentence in sentences)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] own = [.. sentence.Tags.Select(t => numbers[t])];
            features.Extract(sentence.Words, own, rows);
            data.Add(rows, Array.ConvertAll(own, tag => (byte)tag));
        }
        return Learned(data, numbers.Count, (_, _) => true, "words", progress, cancellation);
    }

    private (int[] Labels, ChainModel Model) Segmenter(
        IReadOnlyList<TaggedSentence> sentences, Dictionary<string, int> numbers, TagLexicon lexicon, CharacterPlaces places, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (features, rows, data) = (new CharacterFeatures(lexicon, places), new FeatureRows(), new ChainData());
        var cuts = sentences.Select(s => Cut(s, numbers)).ToArray();
        int[] labels = [.. cuts.SelectMany(c => c.Labels).Distinct().Order()];
        var numbered = labels.Select((label, number) => (label, number)).ToDictionary(l => l.label, l => (byte)l.number);
        foreach (var (text, words, jointLabels) in cuts)
        {
            cancellation.ThrowIfCancellationRequested();
            features.Extract(text, words, rows);
            data.Add(rows, Array.ConvertAll(jointLabels, l => numbered[l]));
        }
        bool MayFollow(int from, int to) => JointLabels.MayFollow(from < 0 ? -1 : labels[from], labels[to]);
        return (labels, Learned(data, labels.Length, MayFollow, "characters", progress, cancellation));
    }

    private ChainModel Learned(ChainData data, int labels, Func<int, int, bool> allowed, string stage, IProgress<StageProgress>? progress, CancellationToken cancellation) =>
        _options.Learner == TaggerLearner.Perceptron ? new PerceptronTrainer(data, labels, allowed, _options).Train(stage, progress, cancellation)
            : new CrfTrainer(data, labels, allowed, _options).Train(stage, progress, cancellation);

    /// <summary>A sentence as text without spaces, its words' places in it, and the label of each character.</summary>
    private static (string Text, Dictionary<(int Start, int End), int> Words, int[] Labels) Cut(TaggedSentence sentence, Dictionary<string, int> numbers)
    {
        var text = WordFeatures.Folded(string.Concat(sentence.Words));
        var words = new Dictionary<(int, int), int>();
        var labels = new int[text.Length];
        var start = 0;
        for (var word = 0; word < sentence.Words.Count; word++)
        {
            var (length, tag) = (sentence.Words[word].Length, numbers[sentence.Tags[word]]);
            words[(start, start + length)] = tag;
            for (var at = 0; at < length; at++) labels[start + at] = JointLabels.Of(at, length, tag);
            start += length;
        }
        return (text, words, labels);
    }

    private static void Refuse(IReadOnlyList<TaggedSentence> sentences)
    {
        if (sentences.Count == 0) throw new ArgumentException("There is no sentence to learn from.", nameof(sentences));
        for (var at = 0; at < sentences.Count; at++)
        {
            var (words, tags) = (sentences[at].Words, sentences[at].Tags);
            if (words.Count == 0 || words.Count != tags.Count || words.Any(string.IsNullOrEmpty) || tags.Any(string.IsNullOrEmpty))
                throw new ArgumentException($"Sentence {at} has {words.Count} words and {tags.Count} tags; expected are as many of one as of the other, at least one, and none empty.", nameof(sentences));
        }
    }
}
