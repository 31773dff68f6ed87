namespace CustomerValue.Text.Tagging;

/// <summary>Tells each word's part of speech; a Chinese one also cuts text into words. Immutable, and safe to share between threads.</summary>
/// <remarks>Made by <see cref="TaggerTrainer"/>; kept in a file by <see cref="Save"/> and <see cref="Open"/>.</remarks>
public sealed class PartOfSpeechTagger
{
    [ThreadStatic] private static FeatureRows? t_rows;

    private readonly WordFeatures _words;
    private readonly CharacterFeatures? _characters;
    private readonly Dictionary<string, byte> _tagNumbers;

    internal PartOfSpeechTagger(TaggerParts parts)
    {
        Parts = parts;
        _words = new(parts.Lexicon, parts.Language == "zh");
        _characters = parts.Segmenter is null ? null : new(parts.Lexicon, parts.Places);
        _tagNumbers = parts.Tags.Select((tag, number) => (tag, number)).ToDictionary(t => t.tag, t => (byte)t.number);
    }

    /// <summary>en or zh.</summary>
    public string Language => Parts.Language;

    /// <summary>The tags that it gives.</summary>
    public IReadOnlyList<string> TagSet => Parts.Tags;

    /// <summary>Whether it can cut text without spaces into words.</summary>
    public bool Segments => _characters is not null;

    internal TaggerParts Parts { get; }

    private static FeatureRows Rows => t_rows ??= new();

    /// <summary>The tag of each word of a sentence.</summary>
    /// <param name="words">The words, in order, as treebanks cut them (do + n't); none may be empty.</param>
    /// <exception cref="ArgumentException">A word is empty.</exception>
    public string[] Tag(IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
            if (string.IsNullOrEmpty(words[at])) throw new ArgumentException($"Word {at} of the sentence is empty; leave empty words out.", nameof(words));
        _words.Extract(words, null, Rows);
        return Array.ConvertAll(Parts.Tagger.Decode(Rows), label => Parts.Tags[label]);
    }

    /// <summary>Cuts a Chinese text into words. White space always ends a word and belongs to none.</summary>
    /// <exception cref="InvalidOperationException">The tagger is for a language that is written with spaces.</exception>
    public IReadOnlyList<string> Segment(string text)
    {
        if (_characters is null)
            throw new InvalidOperationException($"This tagger is for '{Language}' and can't cut text without spaces into words. Train one with --language zh.");
        var words = new List<string>();
        foreach (var stretch in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) Cut(stretch, words);
        return words;
    }

    /// <summary>A text's words, each with its tag.</summary>
    public IReadOnlyList<TaggedWord> Analyse(string text)
    {
        var words = Segments ? Segment(text) : EnglishWords.Of(text);
        var tags = Tag(words);
        return [.. words.Select((word, at) => new TaggedWord(word, tags[at]))];
    }

    /// <summary>Writes it to a file: a few megabytes, packed, with a digest.</summary>
    public void Save(string path)
    {
        var unfinished = path + ".tmp";
        using (var file = File.Create(unfinished)) TaggerFile.Write(Parts, file);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file isn't a tagger, is cut off or changed, or of a version that this program doesn't know.</exception>
    public static PartOfSpeechTagger Open(string path)
    {
        using var file = File.OpenRead(path);
        return new(TaggerFile.Read(file, path));
    }

    internal byte Number(string tag) => _tagNumbers[tag];

    private void Cut(string stretch, List<string> words)
    {
        _characters!.Extract(WordFeatures.Folded(stretch), null, Rows);
        var labels = Parts.Segmenter!.Decode(Rows);
        var start = 0;
        for (var at = 0; at < labels.Length; at++)
            if (at == labels.Length - 1 || JointLabels.Ends(Parts.SegmentLabels[labels[at]]))
            {
                words.Add(stretch[start..(at + 1)]);
                start = at + 1;
            }
    }
}

/// <summary>What a tagger consists of, as its file holds it.</summary>
/// <param name="Language">en or zh.</param>
/// <param name="Tags">The tags; a label of <paramref name="Tagger"/> is an index into them.</param>
/// <param name="Lexicon">Tags of the training text's words.</param>
/// <param name="Tagger">Tags words.</param>
/// <param name="Places">Usual places of characters in words; empty where there is no segmenter.</param>
/// <param name="SegmentLabels">Labels of <paramref name="Segmenter"/>: see <see cref="JointLabels"/>.</param>
/// <param name="Segmenter">Labels characters with their place in a word and the word's tag; null for languages with spaces.</param>
internal sealed record TaggerParts(
    string Language, IReadOnlyList<string> Tags, TagLexicon Lexicon, ChainModel Tagger, CharacterPlaces Places, IReadOnlyList<int> SegmentLabels, ChainModel? Segmenter);

/// <summary>A character's place in its word and the word's tag, in one number: tag x 4 + place.</summary>
internal static class JointLabels
{
    public const int Begin = 0, Middle = 1, End = 2, Single = 3;

    public static int Of(int at, int length, int tag) => tag * 4 + (length == 1 ? Single : at == 0 ? Begin : at == length - 1 ? End : Middle);

    public static bool Ends(int label) => label % 4 is End or Single;

    public static bool Begins(int label) => label % 4 is Begin or Single;

    /// <summary>Whether a label may follow another; before a text's first stands -1.</summary>
    public static bool MayFollow(int label, int next) => label < 0 ? Begins(next) : Ends(label) ? Begins(next) : !Begins(next) && label / 4 == next / 4;
}
