using System.Runtime.InteropServices;

namespace CustomerValue.Text.Tokenizers;

/// <summary>How a vocabulary is learned.</summary>
public sealed record WordPieceTrainerOptions
{
    /// <summary>Tokens in all, special ones included; fewer come out where the texts have no more to join.</summary>
    public int Size { get; init => field = Check.Within(value, 16, 1_000_000); } = 8000;

    /// <summary>How texts become words.</summary>
    public BertTextOptions Text { get; init; } = new();

    /// <summary>Characters that stand in the texts at least so often are kept, the commonest first, while the budget lasts.</summary>
    public int MinCharacterCount { get; init => field = Check.Within(value, 1, int.MaxValue); } = 2;

    /// <summary>The share of <see cref="Size"/> that single characters may take. Chinese needs thousands: a text is unreadable when only its commonest thousand are kept.</summary>
    public double CharacterShare { get; init => field = Check.Within(value, 0.01, 1); } = 0.6;

    /// <summary>Two pieces are joined when they stand side by side at least so often.</summary>
    public int MinPairCount { get; init => field = Check.Within(value, 1, int.MaxValue); } = 2;

    /// <summary>Longer words, in characters, aren't learned from.</summary>
    public int LongestWord { get; init => field = Check.Within(value, 1, 100_000); } = 100;

    /// <summary>Special tokens, which get the first ids; unknown is the second.</summary>
    public IReadOnlyList<string> Special { get; init; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Threads that count words; the vocabulary doesn't depend on them.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 1024); } = 1;
}

/// <summary>A learned vocabulary.</summary>
/// <param name="Tokens">Special tokens, characters by code point, those inside words after those that begin them, then pieces in the order they were joined.</param>
/// <param name="Text">How texts become words.</param>
/// <param name="Report">What it was learned from.</param>
public sealed record WordPieceVocabulary(IReadOnlyList<string> Tokens, BertTextOptions Text, WordPieceReport Report);

/// <summary>What a vocabulary was learned from.</summary>
/// <param name="TextCharacters">Characters of the texts.</param>
/// <param name="DifferentWords">Words that differ.</param>
/// <param name="DifferentCharacters">Characters that differ, in their two forms: at a word's beginning and inside it.</param>
/// <param name="KeptCharacters">Those of them in the vocabulary.</param>
/// <param name="Coverage">The share of the texts' characters, white space apart, that the kept ones make up.</param>
/// <param name="JoinedPieces">Tokens of more than one character.</param>
/// <param name="RarestPair">How often the last pair joined stood in the texts; large numbers say that a larger vocabulary would find more.</param>
public sealed record WordPieceReport(long TextCharacters, int DifferentWords, int DifferentCharacters, int KeptCharacters, double Coverage, int JoinedPieces, long RarestPair);

/// <summary>Learns a WordPiece vocabulary: begins with characters and joins the commonest pair of neighbours, again and again. The same texts give the same vocabulary, whatever
/// their order and the threads: equally common pairs are joined in ordinal order.</summary>
/// <remarks>Sennrich, Haddow and Birch (2016), with pairs inside words spelled ## as BERT does. Counts of pairs are kept up to date in the words that hold them;
/// a queue may hold an old count, which is looked up again when its turn comes.</remarks>
public sealed class WordPieceTrainer(WordPieceTrainerOptions? options = null)
{
    private readonly WordPieceTrainerOptions _options = options ?? new();

    /// <summary>Learns from texts.</summary>
    /// <param name="texts">Texts, read once.</param>
    /// <param name="progress">Told of words counted and tokens found.</param>
    /// <param name="cancellation">Stops the work; nothing is kept.</param>
    /// <exception cref="ArgumentException">The texts have no words, or the special tokens don't fit.</exception>
    public WordPieceVocabulary Train(IEnumerable<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (_options.Special.Count < 2 || _options.Special.Distinct().Count() != _options.Special.Count || _options.Special.Any(s => s.Length < 2 || char.IsLetterOrDigit(s[0])))
            throw new ArgumentException("Special tokens must differ, each beginning with a mark such as '[', and there must be two at least: padding, and unknown second.", nameof(texts));
        var (words, characters) = WordCounts.Of(texts, _options.Text, _options.LongestWord, _options.Threads, progress, cancellation);
        if (words.Count == 0) throw new ArgumentException("The texts have no words to learn from: all of them are empty or white space.", nameof(texts));
        var symbols = SymbolCounts(words);
        var kept = symbols.Where(s => s.Value >= _options.MinCharacterCount).OrderByDescending(s => s.Value).ThenBy(s => s.Key)
            .Take(Math.Max(1, (int)(_options.CharacterShare * (_options.Size - _options.Special.Count)))).ToList();
        int[] alphabet = [.. kept.Select(s => s.Key).OrderBy(s => s & 1).ThenBy(s => s)];
        var joins = new Joins([.. _options.Special, .. alphabet.Select(Spelled)], words, alphabet, _options.Special.Count, _options.MinPairCount);
        var rarest = joins.Run(_options.Size, progress, cancellation);
        return new(joins.Tokens, _options.Text, new(characters, words.Count, symbols.Count, alphabet.Length,
            kept.Sum(s => (double)s.Value) / symbols.Sum(s => (double)s.Value), joins.Tokens.Count - alphabet.Length - _options.Special.Count, rarest));
    }

    private static Dictionary<int, long> SymbolCounts(List<(string Word, long Count)> words)
    {
        var counts = new Dictionary<int, long>();
        foreach (var (word, count) in words)
            foreach (var symbol in Symbols(word)) CollectionsMarshal.GetValueRefOrAddDefault(counts, symbol, out _) += count;
        return counts;
    }

    /// <summary>A word's characters, twice the code point of each, and one more for those inside the word.</summary>
    private static List<int> Symbols(string word)
    {
        var symbols = new List<int>(word.Length);
        foreach (var rune in word.EnumerateRunes()) symbols.Add(2 * rune.Value + (symbols.Count > 0 ? 1 : 0));
        return symbols;
    }

    private static string Spelled(int symbol) => (symbol & 1) == 0 ? char.ConvertFromUtf32(symbol / 2) : "##" + char.ConvertFromUtf32(symbol / 2);

    /// <summary>The words as ids, and the pairs in them.</summary>
    private sealed class Joins
    {
        private sealed class Pair(int left, int right)
        {
            public readonly int Left = left, Right = right;
            public long Count;
            public readonly List<int> Words = [];
        }

        private readonly Dictionary<string, int> _ids;
        private readonly int[][] _words;
        private readonly long[] _counts;
        private readonly Dictionary<long, Pair> _pairs = [];
        private readonly int _minimum;
        private readonly PriorityQueue<Pair, (long Count, Pair Pair)> _queue;

        public Joins(List<string> tokens, List<(string Word, long Count)> words, int[] alphabet, int special, int minimum)
        {
            Tokens = tokens;
            _ids = tokens.Skip(special).Select((token, at) => (token, id: at + special)).ToDictionary(t => t.token, t => t.id);
            _counts = [.. words.Select(w => w.Count)];
            // A character that wasn't kept ends what can be joined: it has no id, and no pair crosses it.
            var first = alphabet.Select((symbol, at) => (symbol, id: at + special)).ToDictionary(s => s.symbol, s => s.id);
            _words = [.. words.Select(w => Symbols(w.Word).Select(s => first.GetValueOrDefault(s, -1)).ToArray())];
            for (var word = 0; word < _words.Length; word++)
                for (var at = 0; at + 1 < _words[word].Length; at++) Add(_words[word][at], _words[word][at + 1], _counts[word], word);
            _minimum = minimum;
            _queue = new(Comparer<(long Count, Pair Pair)>.Create(Order));
            foreach (var pair in _pairs.Values) Enqueue(pair);
        }

        public List<string> Tokens { get; }

        public long Run(int size, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            var (rarest, step, fresh) = (0L, 0, new HashSet<Pair>());
            while (Tokens.Count < size && _queue.TryDequeue(out var best, out var queued))
            {
                if (best.Count != queued.Count)
                {
                    Enqueue(best);
                    continue;
                }
                if (step++ % 64 == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report(new("joining pieces", Tokens.Count, size, "tokens"));
                }
                rarest = best.Count;
                fresh.Clear();
                Join(best, fresh);
                foreach (var pair in fresh) Enqueue(pair);
            }
            progress?.Report(new("joining pieces", Tokens.Count, size, "tokens"));
            return rarest;
        }

        /// <summary>Most pairs of long words stand in the texts once, and are never looked at.</summary>
        private void Enqueue(Pair pair)
        {
            if (pair.Count >= _minimum) _queue.Enqueue(pair, (pair.Count, pair));
        }

        private void Join(Pair pair, HashSet<Pair> fresh)
        {
            var spelled = string.Concat(Tokens[pair.Left], Tokens[pair.Right].AsSpan(2));
            if (!_ids.TryGetValue(spelled, out var joined))
            {
                _ids.Add(spelled, joined = Tokens.Count);
                Tokens.Add(spelled);
            }
            _pairs.Remove(Key(pair.Left, pair.Right));
            var before = -1;
            foreach (var word in pair.Words)
            {
                if (word == before) continue;
                before = word;
                JoinIn(word, pair, joined, fresh);
            }
            pair.Count = 0;
            pair.Words.Clear();
        }

        private void JoinIn(int word, Pair pair, int joined, HashSet<Pair> fresh)
        {
            var (ids, count, length) = (_words[word], _counts[word], 0);
            for (var at = 0; at < ids.Length; at++)
            {
                if (at + 1 == ids.Length || ids[at] != pair.Left || ids[at + 1] != pair.Right)
                {
                    ids[length++] = ids[at];
                    continue;
                }
                // What stands left was perhaps joined a moment ago; what stands right is as it was.
                if (length > 0)
                {
                    Take(ids[length - 1], pair.Left, count);
                    if (Add(ids[length - 1], joined, count, word) is { } left) fresh.Add(left);
                }
                if (at + 2 < ids.Length)
                {
                    Take(pair.Right, ids[at + 2], count);
                    if (Add(joined, ids[at + 2], count, word) is { } right) fresh.Add(right);
                }
                ids[length++] = joined;
                at++;
            }
            if (length < ids.Length) _words[word] = ids[..length];
        }

        private Pair? Add(int left, int right, long count, int word)
        {
            if (left < 0 || right < 0) return null;
            ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, Key(left, right), out _);
            pair ??= new(left, right);
            pair.Count += count;
            if (pair.Words.Count == 0 || pair.Words[^1] != word) pair.Words.Add(word);
            return pair;
        }

        private void Take(int left, int right, long count)
        {
            if (_pairs.TryGetValue(Key(left, right), out var pair)) pair.Count -= count;
        }

        /// <summary>The commoner first; of equals the one that comes first by its spelling.</summary>
        private int Order((long Count, Pair Pair) a, (long Count, Pair Pair) b)
        {
            if (a.Count != b.Count) return b.Count.CompareTo(a.Count);
            var left = string.CompareOrdinal(Tokens[a.Pair.Left], Tokens[b.Pair.Left]);
            return left != 0 ? left : string.CompareOrdinal(Tokens[a.Pair.Right], Tokens[b.Pair.Right]);
        }

        private static long Key(int left, int right) => (long)left << 32 | (uint)right;
    }
}
