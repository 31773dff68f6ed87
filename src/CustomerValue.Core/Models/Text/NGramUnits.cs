using System.Numerics;

namespace CustomerValue.Models.Text;

/// <summary>The characters or words that n-grams are made of, as numbers from 1; 0 is one that too few training texts hold.</summary>
/// <remarks>An n-gram is at most as common as its rarest unit, so leaving out rare units loses no n-gram that counts. What is left fits, n of it, into 64 bits:
/// an n-gram is a number, exactly.</remarks>
internal sealed class NGramUnits
{
    private readonly Dictionary<string, int>? _words;     // word -> number; null for characters
    private readonly int[]? _characters;                  // [65536]: number of a UTF-16 unit
    private readonly WordSplit? _split;

    private NGramUnits(Dictionary<string, int>? words, int[]? characters, WordSplit? split, int count) =>
        (_words, _characters, _split, Bits) = (words, characters, split, 64 - BitOperations.LeadingZeroCount((ulong)count));

    /// <summary>Bits that a unit's number takes.</summary>
    public int Bits { get; }

    /// <summary>The words, in the order of their numbers from 1; null where units are characters.</summary>
    public IReadOnlyList<string>? Words => _words is null ? null : [.. _words.OrderBy(w => w.Value).Select(w => w.Key)];

    /// <summary>The characters, ascending, as they are numbered from 1; null where units are words.</summary>
    public IReadOnlyList<char>? Characters => _characters is null ? null : [.. Enumerable.Range(0, _characters.Length).Where(c => _characters[c] > 0).Select(c => (char)c)];

    /// <summary>Units that were found before.</summary>
    /// <param name="words">The words, in the order of their numbers.</param>
    /// <param name="split">How words are found.</param>
    /// <exception cref="ArgumentException">A word stands twice.</exception>
    public static NGramUnits Of(IReadOnlyList<string> words, WordSplit split)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words) numbers.Add(word, numbers.Count + 1);
        return new(numbers, null, split, words.Count);
    }

    /// <inheritdoc cref="Of(IReadOnlyList{string}, WordSplit)"/>
    /// <param name="characters">The characters, in the order of their numbers.</param>
    /// <exception cref="ArgumentException">They don't ascend.</exception>
    public static NGramUnits Of(IReadOnlyList<char> characters)
    {
        var numbers = new int[65536];
        for (var i = 0; i < characters.Count; i++)
        {
            if (i > 0 && characters[i] <= characters[i - 1]) throw new ArgumentException($"Character {i + 1} doesn't come after the one before it.", nameof(characters));
            numbers[characters[i]] = i + 1;
        }
        return new(null, numbers, null, characters.Count);
    }

    /// <summary>Finds the units of training texts.</summary>
    /// <param name="prepared">The texts, as <see cref="Prepared"/> gives them.</param>
    /// <param name="block">Which n-grams are wanted.</param>
    /// <exception cref="ArgumentException">There are too many units for n-grams of that length.</exception>
    public static NGramUnits Of(IReadOnlyList<string> prepared, NGramBlock block)
    {
        var units = block.Split is null ? OfCharacters(prepared, block.MinimumTexts) : OfWords(prepared, block.Split, block.MinimumTexts);
        if (units.Bits * block.Most > 64)
            throw new ArgumentException(
                $"N-grams of {block.Most} units need {units.Bits} bits each here, more than 64 in all. Ask for shorter ones, or raise the number of texts that must hold one ({block.MinimumTexts}).", nameof(block));
        return units;
    }

    /// <summary>The text as n-grams see it: lower case, full-width forms as ASCII, one blank where there is blank space, at both ends too.</summary>
    public static string Prepared(string text)
    {
        var prepared = new char[text.Length + 2];
        var length = 0;
        prepared[length++] = ' ';
        foreach (var raw in text)
        {
            var c = raw is >= '\uff01' and <= '\uff5e' ? (char)(raw - 0xfee0) : char.IsWhiteSpace(raw) ? ' ' : raw;
            if (c == ' ' && prepared[length - 1] == ' ') continue;
            prepared[length++] = char.ToLowerInvariant(c);
        }
        if (prepared[length - 1] != ' ') prepared[length++] = ' ';
        return new(prepared, 0, length);
    }

    /// <summary>The units of a text, in order.</summary>
    public void Read(string prepared, List<int> units)
    {
        units.Clear();
        if (_characters is not null) foreach (var c in prepared) units.Add(_characters[c]);
        else foreach (var word in _split!.Words(prepared)) units.Add(_words!.GetValueOrDefault(word));
    }

    private static NGramUnits OfCharacters(IReadOnlyList<string> prepared, int minimumTexts)
    {
        var (texts, last, numbers, count) = (new int[65536], new int[65536], new int[65536], 0);
        for (var row = 0; row < prepared.Count; row++)
            foreach (var c in prepared[row])
            {
                if (last[c] == row + 1) continue;
                last[c] = row + 1;
                texts[c]++;
            }
        for (var c = 0; c < texts.Length; c++)
            if (texts[c] >= minimumTexts) numbers[c] = ++count;
        return new(null, numbers, null, count);
    }

    private static NGramUnits OfWords(IReadOnlyList<string> prepared, WordSplit split, int minimumTexts)
    {
        var seen = new Dictionary<string, (int Texts, int Last)>(StringComparer.Ordinal);
        for (var row = 0; row < prepared.Count; row++)
            foreach (var word in split.Words(prepared[row]))
            {
                var (texts, last) = seen.GetValueOrDefault(word, (0, -1));
                if (last != row) seen[word] = (texts + 1, row);
            }
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (word, (texts, _)) in seen)
            if (texts >= minimumTexts) words[word] = words.Count + 1;
        return new(words, null, split, words.Count);
    }
}
