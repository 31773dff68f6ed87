using System.Text;

namespace CustomerValue.Text.Chat;

internal enum TemplateTokenKind { Text, BeginBlock, EndBlock, BeginValue, EndValue, Name, Number, Fraction, String, Sign, End }

/// <summary>A piece of a template: text between tags, or a word inside one.</summary>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Line);

/// <summary>Cuts a template into pieces as Jinja does with trim_blocks and lstrip_blocks, which is how published chat templates are meant:
/// the line break after a block is dropped, and the spaces before a block that begins its line.</summary>
internal sealed class TemplateLexer
{
    private const int LongestName = 200;
    private static readonly string[] s_signs = ["//", "**", "==", "!=", "<=", ">=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", "<", ">", "=", ".", ":", "|", ",", ";"];

    private readonly string _text, _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _at, _counted, _line = 1;

    private TemplateLexer(string template, string source)
    {
        var text = template.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        (_text, _source) = (text.EndsWith('\n') ? text[..^1] : text, source);
    }

    /// <summary>All pieces, the last of kind End.</summary>
    /// <exception cref="ChatTemplateException">A tag, comment or text isn't closed, or a character belongs to no expression.</exception>
    public static List<TemplateToken> Read(string template, string source) => new TemplateLexer(template, source).All();

    /// <summary>White space as Python has it.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    private List<TemplateToken> All()
    {
        var lineBegins = true;                                   // whether what was read last ended a line
        while (_at < _text.Length)
        {
            var next = Tag(_at);
            var data = next < 0 ? _text[_at..] : _text[_at..next];
            if (next < 0)
            {
                Add(TemplateTokenKind.Text, data);
                break;
            }
            var (kind, mark) = (_text[next + 1], next + 2 < _text.Length ? _text[next + 2] : ' ');
            var line = Line(next);
            if (mark == '-') data = TextValues.Stripped(data, null, left: false);
            else if (mark != '+' && kind != '{' && data.LastIndexOf('\n') + 1 is var begin && (begin > 0 || lineBegins) && data.AsSpan(begin).Trim().Length == 0) data = data[..begin];
            if (data.Length > 0) _tokens.Add(new(TemplateTokenKind.Text, data, line));
            _at = next + (mark is '-' or '+' ? 3 : 2);
            if (kind == '#') Comment(line);
            else Inside(kind == '{', line);
            lineBegins = _text[_at - 1] == '\n';
        }
        _tokens.Add(new(TemplateTokenKind.End, "", Line(_text.Length)));
        return _tokens;
    }

    private int Tag(int from)
    {
        for (var at = _text.IndexOf('{', from); at >= 0 && at + 1 < _text.Length; at = _text.IndexOf('{', at + 1))
            if (_text[at + 1] is '{' or '%' or '#') return at;
        return -1;
    }

    private void Comment(int line)
    {
        var end = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw Wrong(line, "a comment, {#, isn't closed by #}");
        var mark = end > _at ? _text[end - 1] : ' ';
        _at = end + 2;
        AfterTag(mark, trims: true);
    }

    private void Inside(bool value, int line)
    {
        Add(value ? TemplateTokenKind.BeginValue : TemplateTokenKind.BeginBlock, "");
        var depth = 0;
        while (true)
        {
            while (_at < _text.Length && IsSpace(_text[_at])) _at++;
            if (_at >= _text.Length) throw Wrong(line, $"a tag, {(value ? "{{" : "{%")}, isn't closed by {(value ? "}}" : "%}")}");
            var mark = _text[_at] is '-' or '+' && (_text[_at] == '-' || !value) ? _text[_at] : ' ';
            if (depth == 0 && Starts(value ? "}}" : "%}", mark == ' ' ? _at : _at + 1))
            {
                Add(value ? TemplateTokenKind.EndValue : TemplateTokenKind.EndBlock, "");
                _at += mark == ' ' ? 2 : 3;
                AfterTag(mark, trims: !value);
                return;
            }
            var c = _text[_at];
            if (c is '\'' or '"') String(c);
            else if (char.IsAsciiDigit(c)) Number();
            else if (char.IsLetter(c) || c == '_') Word();
            else
            {
                var sign = Array.Find(s_signs, s => Starts(s, _at)) ?? throw Wrong(Line(_at), $"the character '{(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)}' belongs to no expression");
                if (sign is "(" or "[" or "{") depth++;
                if (sign is ")" or "]" or "}" && depth-- == 0) throw Wrong(Line(_at), $"'{sign}' closes nothing");
                Add(TemplateTokenKind.Sign, sign);
                _at += sign.Length;
            }
        }
    }

    // A block takes the line break behind it along, unless it is marked with +; marked with - a tag takes all white space.
    private void AfterTag(char mark, bool trims)
    {
        if (mark == '-') while (_at < _text.Length && IsSpace(_text[_at])) _at++;
        else if (trims && mark != '+' && _at < _text.Length && _text[_at] == '\n') _at++;
    }

    private void Word()
    {
        var from = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
        if (_at - from > LongestName) throw Wrong(Line(from), $"a name has {_at - from:#,0} characters, and {LongestName} are read");
        _tokens.Add(new(TemplateTokenKind.Name, _text[from.._at], Line(from)));
    }

    private void Number()
    {
        var from = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '_')) _at++;
        // A number after a dot is a place, as in x.0.1, and no fraction.
        var fraction = _tokens[^1] is not { Kind: TemplateTokenKind.Sign, Text: "." } && _at + 1 < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(_text[_at + 1]);
        if (fraction) for (_at++; _at < _text.Length && char.IsAsciiDigit(_text[_at]);) _at++;
        _tokens.Add(new(fraction ? TemplateTokenKind.Fraction : TemplateTokenKind.Number, _text[from.._at].Replace("_", "", StringComparison.Ordinal), Line(from)));
    }

    private void String(char quote)
    {
        var (from, text) = (_at++, new StringBuilder());
        for (; ; _at++)
        {
            if (_at >= _text.Length) throw Wrong(Line(from), $"a text in {quote} isn't closed");
            if (_text[_at] == quote) break;
            if (_text[_at] == '\\' && _at + 1 < _text.Length) Escaped(text);
            else text.Append(_text[_at]);
        }
        _at++;
        _tokens.Add(new(TemplateTokenKind.String, text.ToString(), Line(from)));
    }

    private void Escaped(StringBuilder text)
    {
        var c = _text[++_at];
        var digits = c switch { 'x' => 2, 'u' => 4, _ => 0 };
        if (digits > 0)
        {
            if (_at + digits >= _text.Length || !ushort.TryParse(_text.AsSpan(_at + 1, digits), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code))
                throw Wrong(Line(_at), $"\\{c} is followed by {digits} digits from 0 to f, and here it isn't");
            text.Append((char)code);
            _at += digits;
            return;
        }
        _ = c switch
        {
            'n' => text.Append('\n'), 't' => text.Append('\t'), 'r' => text.Append('\r'), '0' => text.Append('\0'), 'b' => text.Append('\b'), 'f' => text.Append('\f'),
            '\\' or '\'' or '"' => text.Append(c),
            '\n' => text,
            _ => text.Append('\\').Append(c),                    // what is no escape stands as it is
        };
    }

    private bool Starts(string sign, int at) => string.CompareOrdinal(_text, at, sign, 0, sign.Length) == 0;

    private void Add(TemplateTokenKind kind, string text) => _tokens.Add(new(kind, text, Line(_at)));

    // Places are asked for in rising order.
    private int Line(int at)
    {
        if (at > _counted)
        {
            _line += _text.AsSpan(_counted, at - _counted).Count('\n');
            _counted = at;
        }
        return _line;
    }

    private ChatTemplateException Wrong(int line, string problem) => new($"{_source}, line {line}: {problem}. Take the template from its source again.");
}
