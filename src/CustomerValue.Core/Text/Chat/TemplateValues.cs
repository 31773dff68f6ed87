using System.Globalization;
using System.Text;

namespace CustomerValue.Text.Chat;

/// <summary>What a template reckons with: none, truth, whole numbers, fractions, texts, lists and objects, as Python treats them.</summary>
internal static class TemplateValues
{
    private const int Deepest = 100;

    /// <summary>What a value is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "none",
        bool => "true or false",
        long or double => "a number",
        string => "a text",
        List<object?> => "a list",
        Dictionary<string, object?> => "an object",
        Undefined undefined => $"nothing ({undefined.Why})",
        TemplateFunction function => $"the function {function.Name}",
        TemplateNamespace => "a namespace",
        _ => "a loop",
    };

    public static bool Truth(object? value) => value switch
    {
        null or Undefined => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        Dictionary<string, object?> fields => fields.Count > 0,
        _ => true,
    };

    public static bool Equal(TemplateRun run, object? a, object? b, int depth = 0)
    {
        run.Spend(1);
        Deep(run, depth);
        switch (a, b)
        {
            case (string x, string y):
                return run.Through(x) == y;
            case (List<object?> x, List<object?> y):
                if (x.Count != y.Count) return false;
                for (var i = 0; i < x.Count; i++)
                    if (!Equal(run, x[i], y[i], depth + 1)) return false;
                return true;
            case (Dictionary<string, object?> x, Dictionary<string, object?> y):
                return x.Count == y.Count && x.All(field => y.TryGetValue(field.Key, out var other) && Equal(run, field.Value, other, depth + 1));
            case (null, null) or (Undefined, Undefined): return true;
            case (long x, long y): return x == y;
            default: return Number(a) is { } m && Number(b) is { } n ? m == n : ReferenceEquals(a, b);
        }
    }

    /// <summary>Below 0, 0 or above 0 as a comes before, with or after b.</summary>
    public static int Order(TemplateRun run, object? a, object? b)
    {
        if (a is string x && b is string y)
        {
            run.Through(x);
            return string.CompareOrdinal(x, y);
        }
        if (a is long m && b is long n) return m.CompareTo(n);
        return Number(a) is { } p && Number(b) is { } q ? p.CompareTo(q) : throw run.Wrong($"{Kind(a)} and {Kind(b)} have no order; two numbers or two texts have");
    }

    public static bool Has(TemplateRun run, object? part, object? whole) => whole switch
    {
        string text => TextValues.Has(run, text, part as string ?? throw run.Wrong($"{Kind(part)} can't stand in a text; a text can")),
        List<object?> list => list.Exists(item => Equal(run, item, part)),
        Dictionary<string, object?> fields => part is string name && fields.ContainsKey(run.Through(name)),
        Undefined => false,
        _ => throw run.Wrong($"'in' looks into a text, a list or an object, and here is {Kind(whole)}"),
    };

    /// <summary>a + b, a - b and so on.</summary>
    public static object? Reckon(TemplateRun run, string sign, object? a, object? b)
    {
        switch (sign, a, b)
        {
            case ("~", _, _): return Together(run, Text(run, a), Text(run, b));
            case ("+", string x, string y): return Together(run, x, y);
            case ("+", List<object?> x, List<object?> y):
                run.Spend(x.Count + y.Count);
                return new List<object?>([.. x, .. y]);
            case ("*", string x, long times): return Repeated(run, x, times);
            case ("*", long times, string x): return Repeated(run, x, times);
        }
        if (Number(a) is not { } p || Number(b) is not { } q) throw run.Wrong($"{Kind(a)} {sign} {Kind(b)} can't be reckoned. Numbers can, and + puts two texts or two lists together; ~ makes texts of both first");
        if (sign is "/" or "//" or "%" && q == 0) throw run.Wrong("a number is divided by 0");
        if (sign == "/" || a is double || b is double)
        {
            var value = sign switch { "+" => p + q, "-" => p - q, "*" => p * q, "/" => p / q, "//" => Math.Floor(p / q), _ => Rest(p, q) };
            return double.IsFinite(value) ? value : throw run.Wrong($"{p} {sign} {q} is too large");
        }
        var (m, n) = (Whole(a), Whole(b));
        try
        {
            return sign switch
            {
                "+" => checked(m + n),
                "-" => checked(m - n),
                "*" => checked(m * n),
                "//" => checked(m / n - (m % n != 0 && m < 0 != n < 0 ? 1 : 0)),
                _ => n == -1 ? 0 : (m % n + n) % n,              // of the divisor's sign
            };
        }
        catch (OverflowException) { throw run.Wrong($"{m} {sign} {n} is too large"); }
    }

    /// <summary>What a loop goes through: items of a list, names of an object, characters of a text.</summary>
    public static List<object?> Items(TemplateRun run, object? value)
    {
        List<object?> items = value switch
        {
            List<object?> list => list,
            Dictionary<string, object?> fields => [.. fields.Keys],
            string text => [.. TextValues.Characters(Paid(run, text))],
            Undefined => [],
            _ => throw run.Wrong($"a list, an object or a text has items, and here is {Kind(value)}"),
        };
        run.Spend(items.Count / 4);
        return items;
    }

    /// <summary>value[place].</summary>
    public static object? Item(TemplateRun run, object? value, object? place)
    {
        switch (value, place)
        {
            case (Dictionary<string, object?> fields, string name): return fields.TryGetValue(run.Through(name), out var found) ? found : new Undefined($"there is no '{Shown(name)}' among {Shown(string.Join(", ", fields.Keys))}");
            case (Dictionary<string, object?> fields, _): return new Undefined("an object's fields have texts as names");
            case (List<object?> list, long at):
                if (at < 0) at += list.Count;
                return at >= 0 && at < list.Count ? list[(int)at] : new Undefined($"a list of {list.Count} has no place {place}");
            case (string text, long at):
                var characters = TextValues.Characters(Paid(run, text));
                if (at < 0) at += characters.Count;
                return at >= 0 && at < characters.Count ? characters[(int)at] : new Undefined($"a text of {characters.Count} characters has no place {place}");
            case (_, string name): return Attribute(run, value, name);
            case (Undefined undefined, _): throw run.Wrong($"a place is asked of nothing: {undefined.Why}");
            default: return new Undefined($"{Kind(value)} has no place that is {Kind(place)}; lists and texts have numbered ones, objects have names");
        }
    }

    /// <summary>value.name.</summary>
    public static object? Attribute(TemplateRun run, object? value, string name)
    {
        switch (value)
        {
            case Undefined undefined: throw run.Wrong($"'{Shown(name)}' is asked of nothing: {undefined.Why}");
            case Dictionary<string, object?> fields when TemplateFunctions.OfObject(fields, name) is { } method: return method;
            case Dictionary<string, object?>: return Item(run, value, name);
            case TemplateNamespace space: return space.Values.TryGetValue(name, out var kept) ? kept : new Undefined($"the namespace has no '{Shown(name)}'");
            case TemplateLoop loop: return TemplateFunctions.OfLoop(loop, name);
            case string text when TextValues.Methods.Contains(name): return new TemplateFunction(name, (r, arguments, named) => TextValues.Call(r, text, name, new(r, name, arguments, named)));
            case string: return new Undefined($"a text has no '{Shown(name)}'; known are {string.Join(", ", TextValues.Methods)}");
            default: return new Undefined($"{Kind(value)} has no '{Shown(name)}'");
        }
    }

    /// <summary>value[from:to:step], each null where it is left out.</summary>
    public static object? Slice(TemplateRun run, object? value, object? from, object? to, object? step)
    {
        var text = value as string;
        if (text is null && value is not List<object?>) throw run.Wrong($"a list or a text can be cut by [:], and here is {Kind(value)}");
        var items = Items(run, value);
        run.Spend(items.Count / 16);
        long Bound(object? bound, long otherwise) => bound switch { null => otherwise, long n => n, _ => throw run.Wrong($"a list is cut at whole numbers, and here is {Kind(bound)}") };
        var (by, count) = (Bound(step, 1), (long)items.Count);
        if (by == 0) throw run.Wrong("a list can't be cut in steps of 0");
        var (low, high) = by > 0 ? (0L, count) : (-1L, count - 1);
        // Counted from the end when below 0, and kept within the list.
        long Within(object? bound, long otherwise) => bound is null ? otherwise : Math.Clamp(Bound(bound, 0) is var n && n < 0 ? n + count : n, low, high);
        var (at, end) = (Within(from, by > 0 ? low : high), Within(to, by > 0 ? high : low));
        var kept = new List<object?>();
        for (; by > 0 ? at < end : at > end; at += by)
        {
            kept.Add(items[(int)at]);
            if (by > 0 ? by > count : by < -count) break;
        }
        return text is null ? kept : run.Made(string.Concat(kept));
    }

    /// <summary>A value as it is printed.</summary>
    public static string Text(TemplateRun run, object? value)
    {
        if (value is string text) return text;
        if (value is Undefined) return "";
        var made = new StringBuilder();
        Write(run, made, value, json: false, indent: -1, 0);
        return run.Made(made.ToString());
    }

    /// <summary>A value as JSON, spaced as Python's json.dumps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="value">The value.</param>
    /// <param name="indent">Spaces a level; below 0 for one line.</param>
    public static string Json(TemplateRun run, object? value, int indent)
    {
        var made = new StringBuilder();
        Write(run, made, value, json: true, indent, 0);
        return run.Made(made.ToString());
    }

    public static double? Number(object? value) => value switch { bool truth => truth ? 1 : 0, long number => number, double number => number, _ => null };

    /// <summary>The beginning of what a template or message says, for messages of ours.</summary>
    public static string Shown(string text, int most = 80) => string.Concat((text.Length > most ? text[..most] + "..." : text).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    // Before its characters are told apart, each becoming a text of its own.
    private static string Paid(TemplateRun run, string text)
    {
        run.Spend(text.Length / 4);
        return text;
    }

    // Of the divisor's sign, as Python has it.
    private static double Rest(double p, double q) => p % q is var rest && rest == 0 ? Math.CopySign(0, q) : rest < 0 == q < 0 ? rest : rest + q;

    private static long Whole(object? value) => value is bool truth ? truth ? 1 : 0 : (long)value!;

    private static string Together(TemplateRun run, string a, string b)
    {
        run.Room((long)a.Length + b.Length);
        return a + b;
    }

    private static string Repeated(TemplateRun run, string text, long times)
    {
        if (times <= 0 || text.Length == 0) return "";
        if (times > TemplateRun.LongestText) run.Room(long.MaxValue);
        run.Room(text.Length * times);
        return new StringBuilder().Insert(0, text, (int)times).ToString();
    }

    private static void Deep(TemplateRun run, int depth)
    {
        if (depth > Deepest) throw run.Wrong($"a list or object holds others more than {Deepest} deep");
    }

    private static void Write(TemplateRun run, StringBuilder made, object? value, bool json, int indent, int depth)
    {
        run.Spend(1);
        Deep(run, depth);
        if (made.Length > TemplateRun.LongestText) run.Room(made.Length);
        switch (value)
        {
            case null: made.Append(json ? "null" : "None"); break;
            case bool truth: made.Append(json ? truth ? "true" : "false" : truth ? "True" : "False"); break;
            case long number: made.Append(CultureInfo.InvariantCulture, $"{number}"); break;
            case double number: made.Append(Fraction(number)); break;
            case string text: Quote(run, made, text, json); break;
            case List<object?> list:
                made.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    Next(i);
                    Write(run, made, list[i], json, indent, depth + 1);
                }
                End(list.Count, ']');
                break;
            case Dictionary<string, object?> fields:
                made.Append('{');
                foreach (var (i, (name, field)) in fields.Index())
                {
                    Next(i);
                    Quote(run, made, name, json);
                    made.Append(": ");
                    Write(run, made, field, json, indent, depth + 1);
                }
                End(fields.Count, '}');
                break;
            default: throw run.Wrong($"{Kind(value)} can't be {(json ? "written as JSON" : "printed")}");
        }

        void Next(int at)
        {
            if (at > 0) made.Append(indent >= 0 ? "," : ", ");
            if (indent >= 0) made.Append('\n').Append(' ', indent * (depth + 1));
        }

        void End(int count, char close)
        {
            if (indent >= 0 && count > 0) made.Append('\n').Append(' ', indent * depth);
            made.Append(close);
        }
    }

    private static string Fraction(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (Math.Abs(number) is >= 1e15 and < 1e16) return number.ToString("F1", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? text.Replace("E", "e", StringComparison.Ordinal) : text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    // JSON in double quotes; Python's own spelling in single ones, unless the text has those and no double ones.
    private static void Quote(TemplateRun run, StringBuilder made, string text, bool json)
    {
        run.Spend(text.Length / 64);
        var quote = json || text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        made.Append(quote);
        foreach (var c in text)
            if (c == quote || c == '\\') made.Append('\\').Append(c);
            else if (c is '\n' or '\r' or '\t') made.Append(c switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            else if (json && c is '\b' or '\f') made.Append(c == '\b' ? "\\b" : "\\f");
            else if (c < ' ' || !json && c is >= '\x7f' and <= '\xa0') made.Append(json ? "\\u" : "\\x").Append(((int)c).ToString(json ? "x4" : "x2", CultureInfo.InvariantCulture));
            else made.Append(c);
        made.Append(quote);
    }
}
