using System.Buffers;
using System.Net;
using System.Text;
using ICU4N.Text;

namespace CustomerValue.Text;

/// <summary>Makes alike what customers type in many ways: widths of characters, invisible characters, traditional forms, HTML, addresses, emoji, runs of one letter, white space.</summary>
/// <remarks>Immutable, and safe to share between threads. Tags and addresses are looked for in the text as it was typed, before widths are made alike and invisible characters go.</remarks>
public sealed class TextNormalizer
{
    private const char Dropped = '\0';
    private const int LongestTag = 2000;

    private static readonly SearchValues<char> s_suspicious = SearchValues.Create("&<@");
    private static readonly SearchValues<char> s_addressEnds = SearchValues.Create(" \t\r\n\"'<>()[]{}|\\^`，。！？；：、“”‘’（）《》【】\u3000");

    private readonly TextNormalizerOptions _options;
    private readonly char[] _map = new char[char.MaxValue + 1];       // what a character becomes; '\0' where it goes

    /// <param name="options">What to make alike; null for the defaults.</param>
    public TextNormalizer(TextNormalizerOptions? options = null)
    {
        _options = options ?? new();
        for (var c = 0; c <= char.MaxValue; c++) _map[c] = Mapped((char)c);
        if (_options.Simplified)
            foreach (var (traditional, simplified) in TraditionalCharacters.Pairs) _map[traditional] = simplified;
    }

    /// <summary>The text, normalised; the very same string where there is nothing to do.</summary>
    public string Normalize(string text)
    {
        if (text.Length == 0 || IsClean(text)) return text;
        if (_options.Html && text.Contains('<')) text = WithoutTags(text);
        if (_options.Html && text.Contains('&')) text = WebUtility.HtmlDecode(text);
        if (text.AsSpan().ContainsAnyInRange('\u0300', '\u036F')) text = Composed(text);
        if (_options.Url is not null || _options.Email is not null) text = WithoutAddresses(text);

        var length = Math.Max(256, text.Length + 16);
        var buffer = ArrayPool<char>.Shared.Rent(length);
        try
        {
            var writer = new Writer(buffer, _options.LongestRun);
            Map(text, ref writer);
            return writer.Text(text);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private char Mapped(char c)
    {
        if (c is '\t' or '\n' or '\r' or '\v' or '\f' or '\u0085' || char.IsWhiteSpace(c)) return ' ';
        if (char.IsControl(c) || IsInvisible(c)) return Dropped;
        var half = !_options.HalfWidth ? c : c switch
        {
            >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
            '\uFFE0' => '¢', '\uFFE1' => '£', '\uFFE5' => '¥',
            _ => c,
        };
        return _options.LowerCase ? char.ToLowerInvariant(half) : half;
    }

    /// <summary>Zero-width and direction marks, soft hyphens, variation selectors, the byte-order mark, and what stands for a lost character.</summary>
    private static bool IsInvisible(char c) =>
        c is '\u00AD' or '\u034F' or '\u061C' or '\u180E' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F')
            or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF' or '\uFFFC' or '\uFFFD';

    /// <summary>Whether nothing in the text needs work: one look at each character.</summary>
    private bool IsClean(string text)
    {
        if (text[0] == ' ' || text[^1] == ' ') return false;
        if (text.AsSpan().ContainsAny(s_suspicious)) return false;
        var (before, run) = ('\0', 0);
        foreach (var c in text)
        {
            if (_map[c] != c || char.IsSurrogate(c) || c is >= '\u0300' and <= '\u036F' || (c >= '\u231A' && c <= '\u2B55' && EmojiSigns.IsEmoji(c))) return false;
            run = c == before ? run + 1 : 1;
            if (run > 1 && (c == ' ' || (_options.LongestRun > 0 && run > _options.LongestRun && IsCut(c)))) return false;
            // ://, www. and emoticons need another look.
            if (before == '/' && c == '/' && _options.Url is not null) return false;
            if (before is 'w' or 'W' && c is 'w' or 'W' && run >= 3 && _options.Url is not null) return false;
            if (_options.Emoji == EmojiForm.Signal && c is ':' or ';' or '=' or '^' or '_' or '(' or ')') return false;
            before = c;
        }
        return true;
    }

    private static bool IsCut(char c) => char.IsLetter(c) || char.IsPunctuation(c) || char.IsSymbol(c);

    private void Map(string text, ref Writer writer)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (_options.Emoji == EmojiForm.Signal && EmojiSigns.Emoticon(text, at) is { Length: > 0 } emoticon)
            {
                writer.Apart(emoticon.Signal);
                at += emoticon.Length - 1;
            }
            else if (char.IsSurrogate(c))
            {
                if (!Rune.TryGetRuneAt(text, at, out var rune)) continue;             // half a character
                if (!EmojiSigns.IsEmoji(rune.Value)) writer.Pair(c, text[at + 1]);
                else if (!EmojiSigns.IsSkinTone(rune.Value)) Emoji(rune, ref writer);
                at++;
            }
            else if (c >= '\u231A' && c <= '\u2B55' && EmojiSigns.IsEmoji(c)) Emoji(new Rune(c), ref writer);
            else if (_map[c] is not Dropped and var mapped) writer.Add(mapped);
        }
    }

    private void Emoji(Rune rune, ref Writer writer)
    {
        if (_options.Emoji == EmojiForm.Signal)
        {
            writer.Apart(EmojiSigns.Signal(rune.Value));
            return;
        }
        Span<char> sign = stackalloc char[2];
        sign = sign[..rune.EncodeToUtf16(sign)];
        if (_options.Emoji == EmojiForm.Apart) writer.Apart(sign);
        else if (sign.Length == 2) writer.Pair(sign[0], sign[1]);
        else writer.Add(sign[0]);
    }

    /// <summary>Letters with marks of their own put together (e + ´), as they are written by most.</summary>
    private static string Composed(string text) => Normalizer2.NFCInstance.Normalize(text);

    private static string WithoutTags(string text)
    {
        StringBuilder? kept = null;
        var from = 0;
        for (var at = text.IndexOf('<'); at >= 0; at = text.IndexOf('<', at + 1))
        {
            var end = TagEnd(text, at);
            if (end < 0) continue;
            (kept ??= new(text.Length)).Append(text, from, at - from).Append(' ');
            from = end + 1;
            at = end;
            if (from >= text.Length) break;
        }
        return kept is null ? text : kept.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Where the tag that begins at <paramref name="at"/> ends; -1 where it isn't a tag (3 &lt; 5, &lt;3) or is one of our own placeholders.</summary>
    private static int TagEnd(string text, int at)
    {
        if (at + 2 >= text.Length) return -1;
        var name = text[at + 1] is '/' ? at + 2 : at + 1;
        if (text.AsSpan(at).StartsWith("<!--", StringComparison.Ordinal))
            return text.IndexOf("-->", at, Math.Min(LongestTag, text.Length - at), StringComparison.Ordinal) is >= 0 and var close ? close + 2 : -1;
        if (text[at + 1] == '!') name++;                              // <!DOCTYPE html>
        if (name >= text.Length || !char.IsAsciiLetter(text[name])) return -1;
        var end = text.AsSpan(at + 1, Math.Min(LongestTag, text.Length - at - 1)).IndexOfAny('<', '>');
        if (end < 0 || text[at + 1 + end] == '<') return -1;
        end += at + 1;
        return text.AsSpan(at, end + 1 - at) is "<url>" or "<email>" or EmojiSigns.Happy or EmojiSigns.Sad or EmojiSigns.Other ? -1 : end;
    }

    private string WithoutAddresses(string text)
    {
        StringBuilder? kept = null;
        var from = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var (start, end, stands) = AddressAt(text, at);
            if (stands is null || start < from) continue;
            (kept ??= new(text.Length)).Append(text, from, start - from).Append(' ').Append(stands).Append(' ');
            from = end;
            at = end - 1;
        }
        return kept is null ? text : kept.Append(text, from, text.Length - from).ToString();
    }

    private (int Start, int End, string? Stands) AddressAt(string text, int at)
    {
        var c = text[at];
        if (c == '@' && _options.Email is not null) return Email(text, at);
        if (_options.Url is null || (c is not ('h' or 'H' or 'w' or 'W')) || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))) return default;
        var rest = text.AsSpan(at);
        if (!rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            && !(rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase) && rest.Length > 4 && char.IsAsciiLetterOrDigit(rest[4]))) return default;
        var length = rest.IndexOfAny(s_addressEnds);
        if (length < 0) length = rest.Length;
        for (var i = 0; i < length; i++) if (rest[i] >= '\u2E80') { length = i; break; }          // Chinese goes on without a space
        while (length > 0 && rest[length - 1] is '.' or ',' or '!' or '?' or ';' or ':') length--;
        return (at, at + length, _options.Url);
    }

    private (int Start, int End, string? Stands) Email(string text, int at)
    {
        var (start, end) = (at, at + 1);
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '-' or '+' or '%')) start--;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-')) end++;
        while (end > at && text[end - 1] is '.' or '-') end--;
        var dot = text.AsSpan(at + 1, Math.Max(0, end - at - 1)).LastIndexOf('.');
        return start < at && dot > 0 && end - at - 2 - dot >= 2 ? (start, end, _options.Email) : default;
    }

    /// <summary>What is written: runs cut, white space single, none at the beginning.</summary>
    private ref struct Writer(char[] buffer, int longestRun)
    {
        private Span<char> _buffer = buffer;
        private int _count, _run;
        private char _last = ' ';

        public void Add(char c)
        {
            if (c == _last)
            {
                if (c == ' ') return;
                if (longestRun > 0 && ++_run > longestRun && IsCut(c)) return;
            }
            else (_last, _run) = (c, 1);
            Put(c);
        }

        public void Pair(char high, char low)
        {
            Put(high);
            Put(low);
            (_last, _run) = ('\0', 1);
        }

        public void Apart(scoped ReadOnlySpan<char> word)
        {
            Add(' ');
            foreach (var c in word) Put(c);
            _last = '\0';
            Add(' ');
        }

        /// <summary>What was written; <paramref name="source"/> itself where it is the same.</summary>
        public readonly string Text(string source)
        {
            var text = _buffer[..(_count > 0 && _buffer[_count - 1] == ' ' ? _count - 1 : _count)];
            return text.SequenceEqual(source) ? source : text.ToString();
        }

        private void Put(char c)
        {
            if (_count == _buffer.Length)
            {
                var larger = new char[_count * 2];                        // signals may be longer than what they stand for
                _buffer.CopyTo(larger);
                _buffer = larger;
            }
            _buffer[_count++] = c;
        }
    }
}
