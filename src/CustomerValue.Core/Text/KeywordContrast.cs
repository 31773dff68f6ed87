namespace CustomerValue.Text;

/// <summary>How words of two groups of texts are contrasted.</summary>
public sealed record KeywordOptions
{
    /// <summary>Terms seen less often than this, in both groups together, are passed by.</summary>
    public int LeastCount { get; init => field = Check.Within(value, 1, int.MaxValue); } = 10;

    /// <summary>Terms in fewer texts than this are passed by: one talkative customer is no group.</summary>
    public int LeastTexts { get; init => field = Check.Within(value, 1, int.MaxValue); } = 5;

    /// <summary>Weight of the prior, in words, but never more than a tenth of the words counted: each group starts with so many words, spread as in all texts together.
    /// More draws rare terms further towards no difference.</summary>
    public double PriorWords { get; init => field = Check.Positive(value); } = 1000;

    /// <summary>Whether pairs of neighbouring words count too; negations may be part of one, other stop words not.</summary>
    public bool Pairs { get; init; } = true;

    /// <summary>Words that are passed by.</summary>
    public StopWords StopWords { get; init; } = StopWords.Both;
}

/// <summary>How much more one group says a term than the other.</summary>
/// <param name="Term">A word, or two with a space (English) or nothing (Chinese) between them.</param>
/// <param name="Language">English or Chinese, by the term's script.</param>
/// <param name="IsPair">Whether it is two words.</param>
/// <param name="InGroup">How often the group says it.</param>
/// <param name="InOthers">How often the others say it.</param>
/// <param name="Texts">Texts of both that hold it.</param>
/// <param name="LogOdds">Log of the ratio of the odds, shrunk by the prior; above 0 where the group says it more.</param>
/// <param name="Z"><paramref name="LogOdds"/> by its standard deviation; beyond 2 or -2 rarely chance, for a term chosen beforehand.</param>
public sealed record Keyword(string Term, TextLanguage Language, bool IsPair, int InGroup, int InOthers, int Texts, double LogOdds, double Z);

/// <summary>What does one group of customers write that the others don't? Log-odds ratios with an informative Dirichlet prior, of words and pairs of words, for each language by itself.</summary>
/// <remarks>Monroe, Colaresi and Quinn (2008), "Fightin' Words", equations 15, 16, 19 and 22; the prior is the use of all texts together.</remarks>
public sealed class KeywordContrast
{
    private const double LargestPrior = 0.1;               // of the words counted: a small shop's texts would drown in more
    private const char PairMark = '\u0001';                // 不 + 好 and the word 不好 are two terms

    private readonly KeywordOptions _options;
    private readonly Dictionary<string, Counts> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Counts>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly long[,] _totals = new long[4, 2];     // [language x pair, group]: words and pairs are two vocabularies
    private readonly List<WordSpan> _words = [];
    private int _texts;

    /// <param name="options">How to contrast; null for the defaults.</param>
    public KeywordContrast(KeywordOptions? options = null)
    {
        _options = options ?? new();
        _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Counts one text.</summary>
    /// <param name="text">The text, normalised.</param>
    /// <param name="inGroup">Whether the group wrote it, or the others.</param>
    public void Add(string text, bool inGroup)
    {
        _words.Clear();
        WordSegmenter.Segment(text, _words);
        Add(text, _words, inGroup);
    }

    /// <inheritdoc cref="Add(string,bool)"/>
    /// <param name="text">The text, normalised.</param>
    /// <param name="words">Its words.</param>
    /// <param name="inGroup">Whether the group wrote it, or the others.</param>
    public void Add(string text, IReadOnlyList<WordSpan> words, bool inGroup)
    {
        _texts++;
        Span<char> term = stackalloc char[128];
        var (before, beforeKind) = (default(WordSpan), WordKind.Mark);
        foreach (var word in words)
        {
            var counts = word.Kind is WordKind.Letters or WordKind.Han && word.Length <= 60 && !_options.StopWords.Contains(word.In(text));
            if (!counts)
            {
                beforeKind = WordKind.Mark;                // no pair reaches over a mark, a number or a stop word
                continue;
            }
            var length = word.In(text).ToLowerInvariant(term);
            if (length > 1 || word.Kind == WordKind.Han) Count(term[..length], word.Kind, false, inGroup);
            if (_options.Pairs && beforeKind == word.Kind) Pair(text, before, word, term, inGroup);
            (before, beforeKind) = (word, word.Kind);
        }
    }

    /// <summary>The terms, those that the group says most above the others first.</summary>
    public IReadOnlyList<Keyword> Keywords() =>
    [
        .. _counts.Values.Where(c => c.InGroup + c.InOthers >= _options.LeastCount && c.Texts >= _options.LeastTexts).Select(Contrast)
            .OrderByDescending(k => k.Z).ThenBy(k => k.Term, StringComparer.Ordinal),
    ];

    private void Pair(string text, WordSpan first, WordSpan second, Span<char> term, bool inGroup)
    {
        term[0] = PairMark;
        var length = 1 + first.In(text).ToLowerInvariant(term[1..]);
        if (second.Kind == WordKind.Letters) term[length++] = ' ';
        length += second.In(text).ToLowerInvariant(term[length..]);
        Count(term[..length], second.Kind, true, inGroup);
    }

    private void Count(ReadOnlySpan<char> term, WordKind kind, bool isPair, bool inGroup)
    {
        if (!_lookup.TryGetValue(term, out var counts))
        {
            var name = term.ToString();
            _counts[name] = counts = new(name.TrimStart(PairMark), kind == WordKind.Han ? TextLanguage.Chinese : TextLanguage.English, isPair);
        }
        if (inGroup) counts.InGroup++;
        else counts.InOthers++;
        if (counts.LastText != _texts) (counts.LastText, counts.Texts) = (_texts, counts.Texts + 1);
        _totals[counts.Vocabulary, inGroup ? 0 : 1]++;
    }

    private Keyword Contrast(Counts c)
    {
        var (n1, n2) = (_totals[c.Vocabulary, 0], _totals[c.Vocabulary, 1]);
        var priorWords = Math.Min(_options.PriorWords, LargestPrior * (n1 + n2));                      // alpha_0
        var prior = priorWords * (c.InGroup + c.InOthers) / (n1 + n2);                                 // alpha of the term
        var odds1 = (c.InGroup + prior) / (n1 + priorWords - c.InGroup - prior);
        var odds2 = (c.InOthers + prior) / (n2 + priorWords - c.InOthers - prior);
        var logOdds = Math.Log(odds1) - Math.Log(odds2);
        if (!double.IsFinite(logOdds)) logOdds = 0;                                                    // the only term of its vocabulary: all odds are infinite
        var variance = 1 / (c.InGroup + prior) + 1 / (c.InOthers + prior);
        return new(c.Term, c.Language, c.IsPair, c.InGroup, c.InOthers, c.Texts, logOdds, logOdds / Math.Sqrt(variance));
    }

    private sealed class Counts(string term, TextLanguage language, bool isPair)
    {
        public string Term { get; } = term;
        public TextLanguage Language { get; } = language;
        public bool IsPair { get; } = isPair;
        public int Vocabulary { get; } = (language == TextLanguage.Chinese ? 2 : 0) + (isPair ? 1 : 0);
        public int InGroup, InOthers, Texts, LastText;
    }
}
