namespace CustomerValue.Text.Tokenizers;

/// <summary>BERT's tokenizer: words by <see cref="BertTextOptions"/>, each split into the longest pieces that the vocabulary has, from its beginning;
/// pieces inside a word are spelled with ## before them. Immutable; safe to share between threads.</summary>
/// <remarks>A word with a part that no piece spells is one unknown token, and so is one of more than 100 characters.</remarks>
public sealed class WordPieceTokenizer : ITokenizer
{
    private const string Inside = "##";
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _first, _inside;
    private readonly Dictionary<string, int> _ids;
    private readonly BertText _text;
    private readonly AddedTokens _added;
    private readonly SequenceTemplate _template;
    private readonly int _unknown, _longestWord, _longestPiece;

    /// <param name="vocabulary">Tokens; a token's place is its id.</param>
    /// <param name="special">Ids of the special tokens; unknown must be among them.</param>
    /// <param name="text">How texts become words.</param>
    /// <exception cref="InvalidDataException">The vocabulary holds a token twice, or lacks the unknown token.</exception>
    public WordPieceTokenizer(IReadOnlyList<string> vocabulary, SpecialTokens special, BertTextOptions? text = null)
        : this(vocabulary, special, text ?? new(), AddedTokens.Special(vocabulary, special), SequenceTemplate.Bert(special), 100)
    {
    }

    internal WordPieceTokenizer(IReadOnlyList<string> vocabulary, SpecialTokens special, BertTextOptions text, AddedTokens added, SequenceTemplate template, int longestWord)
    {
        (Vocabulary, Special, TextOptions, _added, _template, _longestWord) = (vocabulary, special, text, added, template, longestWord);
        _unknown = special.Unknown ?? throw new InvalidDataException("The vocabulary has no unknown token. WordPiece needs one, such as [UNK], for words that no piece spells.");
        _text = new(text);
        _ids = VocabularyFile.Index(vocabulary);
        var (first, inside) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        foreach (var (token, id) in _ids)
        {
            first.Add(token, id);
            if (token.StartsWith(Inside, StringComparison.Ordinal) && token.Length > 2) inside.Add(token[2..], id);
            _longestPiece = Math.Max(_longestPiece, token.Length);
        }
        (_first, _inside) = (first.GetAlternateLookup<ReadOnlySpan<char>>(), inside.GetAlternateLookup<ReadOnlySpan<char>>());
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <inheritdoc/>
    public SpecialTokens Special { get; }

    /// <summary>How texts become words.</summary>
    public BertTextOptions TextOptions { get; }

    /// <inheritdoc/>
    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc/>
    public int[] Encode(string text, int maxTokens = int.MaxValue) => _template.Around(Pieces(text), maxTokens);

    /// <summary>Two texts in one sequence, such as a question and an answer.</summary>
    /// <param name="first">The first text, of type 0.</param>
    /// <param name="second">The second, of type 1.</param>
    /// <param name="maxTokens">The most ids returned; the end of the longer text is cut off first.</param>
    /// <returns>Ids, and beside each the type of the text that it belongs to.</returns>
    public (int[] Ids, int[] Types) EncodePair(string first, string second, int maxTokens = int.MaxValue) => _template.Around(Pieces(first), Pieces(second), maxTokens);

    /// <inheritdoc/>
    public int[] EncodePlain(string text) => [.. Pieces(text)];

    /// <summary>Words with a space between them; none beside a Chinese character that is a word of its own, nor before a mark that ends a clause.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new System.Text.StringBuilder();
        foreach (var id in ids)
        {
            var token = Vocabulary[id];
            if (_added.IsSpecial(id)) continue;
            var continues = token.StartsWith(Inside, StringComparison.Ordinal) && token.Length > 2;
            if (text.Length > 0 && !continues && !ClosesClause(token) && !(TextOptions.ChineseCharacters && (IsWide(token[0]) || IsWide(text[^1])))) text.Append(' ');
            text.Append(continues ? token.AsSpan(2) : token);
        }
        return text.ToString();
    }

    private List<int> Pieces(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 4);
        BertText.OnWord onWord = word => AddPieces(word, ids);
        foreach (var part in _added.Split(text))
            if (part.Id is { } id) ids.Add(id);
            else _text.Words(text.AsSpan(part.Start, part.Length), onWord);
        return ids;
    }

    private void AddPieces(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_first.TryGetValue(word, out var whole))
        {
            ids.Add(whole);
            return;
        }
        if (word.Length > _longestWord && CodePoints(word) > _longestWord)
        {
            ids.Add(_unknown);
            return;
        }
        var before = ids.Count;
        for (var start = 0; start < word.Length;)
        {
            var pieces = start == 0 ? _first : _inside;
            var end = Math.Min(word.Length, start + _longestPiece);
            int id;
            while (!pieces.TryGetValue(word[start..end], out id))
                if (--end == start)
                {
                    ids.RemoveRange(before, ids.Count - before);
                    ids.Add(_unknown);
                    return;
                }
            ids.Add(id);
            start = end;
        }
    }

    private static int CodePoints(ReadOnlySpan<char> word)
    {
        var count = 0;
        foreach (var c in word)
            if (!char.IsLowSurrogate(c)) count++;
        return count;
    }

    private static bool ClosesClause(string token) => token.Length == 1 && ".,!?;:)]}%".Contains(token[0], StringComparison.Ordinal);

    /// <summary>Chinese characters and the punctuation that goes with them; each is a word by itself.</summary>
    private static bool IsWide(char c) => BertText.IsChinese(c) || c >= '\u3001' && char.IsPunctuation(c);
}
