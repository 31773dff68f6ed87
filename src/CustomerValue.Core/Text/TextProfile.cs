namespace CustomerValue.Text;

/// <summary>A text and the group of customers that wrote it.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Group">The group's name; null where there are no groups.</param>
public readonly record struct GroupedText(string Text, string? Group = null);

/// <summary>How long texts are, in characters.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Median">Half of the texts are at most so long.</param>
/// <param name="P95">95 % of the texts are at most so long.</param>
/// <param name="Longest">The longest.</param>
public sealed record TextLengths(double Mean, int Median, int P95, int Longest);

/// <summary>What one group writes more than all others.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Texts">How many texts it wrote.</param>
/// <param name="Keywords">Its terms, the most telling first.</param>
public sealed record GroupKeywords(string Group, int Texts, IReadOnlyList<Keyword> Keywords);

/// <summary>A word and how often it stands.</summary>
/// <param name="Word">The word, in small letters.</param>
/// <param name="Count">How often.</param>
public sealed record WordCount(string Word, int Count);

/// <summary>What a heap of texts is like, before anything is learned from it.</summary>
/// <param name="Texts">Texts, empty ones included.</param>
/// <param name="Empty">Texts without a character that isn't space or invisible.</param>
/// <param name="Repeated">Texts that equal an earlier one once normalised.</param>
/// <param name="Languages">Texts of each language.</param>
/// <param name="Lengths">Characters after normalisation.</param>
/// <param name="Words">Words, marks of punctuation left out.</param>
/// <param name="EmojiShare">Share of the texts with an emoji.</param>
/// <param name="UrlShare">Share with a web address.</param>
/// <param name="EmailShare">Share with an e-mail address; look into it before the texts are passed on.</param>
/// <param name="HtmlShare">Share with HTML tags or entities.</param>
/// <param name="TopWords">The commonest words that aren't stop words.</param>
/// <param name="Groups">Keywords of each group; empty where the texts have none.</param>
public sealed record TextProfile(
    int Texts, int Empty, int Repeated, IReadOnlyDictionary<TextLanguage, int> Languages, TextLengths Lengths, long Words,
    double EmojiShare, double UrlShare, double EmailShare, double HtmlShare, IReadOnlyList<WordCount> TopWords, IReadOnlyList<GroupKeywords> Groups)
{
    /// <summary>The most groups that are set against one another.</summary>
    public const int MostGroups = 50;

    /// <summary>Profiles texts.</summary>
    /// <param name="texts">The texts; gone over once.</param>
    /// <param name="top">How many words, and keywords of each group, to keep.</param>
    /// <param name="options">How groups are contrasted; null for the defaults.</param>
    /// <param name="progress">Told how many texts were read.</param>
    /// <param name="cancellation">Looked at before each text.</param>
    /// <exception cref="InvalidDataException">There are more than <see cref="MostGroups"/> groups.</exception>
    public static TextProfile Of(IEnumerable<GroupedText> texts, int top = 20, KeywordOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var tally = new Tally(options);
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            tally.Add(text);
            if (tally.Texts % 5000 == 0) progress?.Report(new("texts", tally.Texts, null, "texts"));
        }
        progress?.Report(new("texts", tally.Texts, tally.Texts, "texts"));
        return tally.Profile(top, cancellation);
    }

    private sealed class Tally(KeywordOptions options)
    {
        private readonly TextNormalizer _normalizer = new();
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private readonly int[] _languages = new int[4];
        private readonly List<int> _lengths = [];
        private readonly List<WordSpan> _spans = [];
        private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
        private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal);
        private int _empty, _repeated, _emoji, _url, _email, _html;
        private long _count;

        public int Texts { get; private set; }

        public void Add(GroupedText row)
        {
            Texts++;
            if (row.Text.AsSpan().ContainsAny('<', '&') && HasHtml(row.Text)) _html++;
            var text = _normalizer.Normalize(row.Text);
            _languages[(int)LanguageDetector.Of(text)]++;
            _lengths.Add(text.Length);
            if (text.Length == 0) _empty++;
            else if (!_seen.Add(text)) _repeated++;
            Count(text);
            if (row.Group is not { } group) return;
            if (!_groups.TryGetValue(group, out var texts))
            {
                if (_groups.Count == MostGroups)
                    throw new InvalidDataException($"Text {Texts} has the {MostGroups + 1}st group, '{group}'. At most {MostGroups} groups can be set against one another; name a column with few values, such as left or stayed.");
                _groups[group] = texts = [];
            }
            texts.Add(text);
        }

        public TextProfile Profile(int top, CancellationToken cancellation)
        {
            _lengths.Sort();
            int At(double share) => _lengths.Count == 0 ? 0 : _lengths[Math.Min(_lengths.Count - 1, (int)(share * _lengths.Count))];
            double Share(int count) => Texts == 0 ? 0 : (double)count / Texts;
            return new(
                Texts, _empty, _repeated, Enum.GetValues<TextLanguage>().ToDictionary(l => l, l => _languages[(int)l]),
                new(_lengths.Count == 0 ? 0 : _lengths.Average(), At(0.5), At(0.95), _lengths.Count == 0 ? 0 : _lengths[^1]), _count,
                Share(_emoji), Share(_url), Share(_email), Share(_html),
                [.. _words.OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal).Take(top).Select(w => new WordCount(w.Key, w.Value))],
                Keywords(top, cancellation));
        }

        private List<GroupKeywords> Keywords(int top, CancellationToken cancellation)
        {
            var keywords = new List<GroupKeywords>();
            if (_groups.Count < 2) return keywords;
            foreach (var (group, texts) in _groups.OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                var contrast = new KeywordContrast(options);
                foreach (var (other, theirs) in _groups)
                    foreach (var text in theirs) contrast.Add(text, inGroup: other == group);
                keywords.Add(new(group, texts.Count, [.. contrast.Keywords().Where(k => k.Z > 0).Take(top)]));
            }
            return keywords;
        }

        private void Count(string text)
        {
            _spans.Clear();
            WordSegmenter.Segment(text, _spans);
            var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
            Span<char> small = stackalloc char[64];
            var (emoji, url, email) = (false, false, false);
            foreach (var span in _spans)
            {
                if (span.Kind == WordKind.Mark) continue;
                _count++;
                var word = span.In(text);
                if (span.Kind == WordKind.Sign)
                {
                    if (word is "<url>") url = true;
                    else if (word is "<email>") email = true;
                    else emoji |= word[0] != '<';
                }
                else if (span.Kind != WordKind.Number && word.Length <= small.Length && !options.StopWords.Contains(word))
                {
                    var length = word.ToLowerInvariant(small);
                    lookup[small[..length]] = lookup.TryGetValue(small[..length], out var before) ? before + 1 : 1;
                }
            }
            if (emoji) _emoji++;
            if (url) _url++;
            if (email) _email++;
        }

        private static bool HasHtml(string text)
        {
            for (var at = 0; at + 2 < text.Length; at++)
                if ((text[at] == '<' && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] == '/') && text.AsSpan(at).Contains('>'))
                    || (text[at] == '&' && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] == '#') && text.AsSpan(at, Math.Min(12, text.Length - at)).Contains(';'))) return true;
            return false;
        }
    }
}
