using System.Collections.Concurrent;
using System.Text;

namespace CustomerValue.Text.Tokenizers;

/// <summary>What a byte-level tokenizer does to a text, beside its vocabulary and merges.</summary>
internal sealed record ByteLevelBpeOptions
{
    /// <summary>Applied to the text in turn, such as composition (NFC).</summary>
    public IReadOnlyList<Func<string, string>> Normalizers { get; init; } = [];

    /// <summary>Split the text into words, in turn; pairs are merged inside words only.</summary>
    public IReadOnlyList<SplitRule> Rules { get; init; } = [new(SplitRules.Gpt2)];

    /// <summary>A word that is a token is taken whole, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }

    public AddedTokens Added { get; init; } = AddedTokens.None;

    public SequenceTemplate Template { get; init; } = SequenceTemplate.Plain;
}

/// <summary>Byte-pair encoding over bytes, as GPT-2, Llama 3 and Qwen use: any text is spelled, and comes back as it was.
/// Observably immutable; safe to share between threads.</summary>
public sealed class ByteLevelBpeTokenizer : ITokenizer
{
    private const int RememberedWords = 65_536, LongestRemembered = 48;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byWord;
    private readonly ConcurrentDictionary<string, int[]> _known = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _knownWords;
    private readonly int[] _byteIds = new int[256];
    private readonly byte[][] _bytes;
    private readonly BpeMerges _merges;
    private readonly SplitRule[] _rules;
    private readonly ByteLevelBpeOptions _options;
    private readonly AddedTokens _written, _normalized;
    private int _remembered;

    internal ByteLevelBpeTokenizer(IReadOnlyList<string> vocabulary, SpecialTokens special, Dictionary<string, int> ids, BpeMerges merges, ByteLevelBpeOptions options)
    {
        (Vocabulary, Special, _ids, _merges, _options) = (vocabulary, special, ids, merges, options);
        (_byWord, _knownWords, _rules) = (ids.GetAlternateLookup<ReadOnlySpan<char>>(), _known.GetAlternateLookup<ReadOnlySpan<char>>(), [.. options.Rules]);
        (_written, _normalized) = (new([.. options.Added.All.Where(t => !t.Normalized)]), new([.. options.Added.All.Where(t => t.Normalized).Select(t => t with { Content = Normalized(t.Content) })]));
        foreach (var b in Enumerable.Range(0, 256))
            _byteIds[b] = ids.TryGetValue(ByteLevel.CharacterOf((byte)b).ToString(), out var id) ? id
                : throw new InvalidDataException($"The vocabulary has no token '{ByteLevel.CharacterOf((byte)b)}' for byte {b}. A byte-level vocabulary has all 256, so that any text can be spelled.");
        var added = options.Added.All.Select(t => t.Id).ToHashSet();
        _bytes = [.. vocabulary.Select((token, place) => added.Contains(place) ? Encoding.UTF8.GetBytes(token) : ByteLevel.BytesOf(token))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <inheritdoc/>
    public SpecialTokens Special { get; }

    /// <inheritdoc/>
    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc/>
    public int[] Encode(string text, int maxTokens = int.MaxValue) => _options.Template.Around(Pieces(text), maxTokens);

    /// <inheritdoc/>
    public int[] EncodePlain(string text) => [.. Pieces(text)];

    /// <summary>The bytes that the ids stand for, as UTF-8; what isn't whole (the beginning of a character) shows as U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(4 * ids.Length);
        foreach (var id in ids)
            if (!_options.Added.IsSpecial(id)) bytes.AddRange(BytesOf(id));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The bytes that one token stands for; a token may end inside a character.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes[id];

    private List<int> Pieces(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 4);
        BertText.OnWord onWord = word => AddWord(word, ids);
        foreach (var part in _written.Split(text))
        {
            if (part.Id is { } written) { ids.Add(written); continue; }
            var normal = Normalized(part.Length == text.Length ? text : text.Substring(part.Start, part.Length));
            foreach (var inner in _normalized.Split(normal))
                if (inner.Id is { } id) ids.Add(id);
                else SplitRules.Words(normal.AsSpan(inner.Start, inner.Length), _rules, onWord);
        }
        return ids;
    }

    private string Normalized(string text) => _options.Normalizers.Aggregate(text, (t, normalize) => normalize(t));

    private void AddWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length <= LongestRemembered && _knownWords.TryGetValue(word, out var known))
        {
            ids.AddRange(known);
            return;
        }
        var size = Encoding.UTF8.GetMaxByteCount(word.Length);
        Span<byte> utf8 = size <= 1024 ? stackalloc byte[1024] : new byte[size];
        utf8 = utf8[..Encoding.UTF8.GetBytes(word, utf8)];
        if (_options.IgnoreMerges && Whole(utf8) is { } whole)
        {
            ids.Add(whole);
            return;
        }
        Span<int> pieces = utf8.Length <= 256 ? stackalloc int[utf8.Length] : new int[utf8.Length];
        for (var at = 0; at < utf8.Length; at++) pieces[at] = _byteIds[utf8[at]];
        pieces = pieces[.._merges.Apply(pieces)];
        ids.AddRange((ReadOnlySpan<int>)pieces);
        if (word.Length <= LongestRemembered && Volatile.Read(ref _remembered) < RememberedWords && _known.TryAdd(word.ToString(), pieces.ToArray()))
            Interlocked.Increment(ref _remembered);
    }

    private int? Whole(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > VocabularyFile.LongestToken) return null;
        Span<char> written = stackalloc char[VocabularyFile.LongestToken];
        for (var at = 0; at < utf8.Length; at++) written[at] = ByteLevel.CharacterOf(utf8[at]);
        return _byWord.TryGetValue(written[..utf8.Length], out var id) ? id : null;
    }
}
