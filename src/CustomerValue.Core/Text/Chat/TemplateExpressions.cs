using System.Globalization;
using System.Runtime.CompilerServices;

namespace CustomerValue.Text.Chat;

/// <summary>Computes a value.</summary>
internal delegate object? TemplateTerm(TemplateRun run);

/// <summary>Reads the expressions of a template, binding as Jinja binds: or, and, not, comparisons, + and -, ~, * and /, signs, then filters, tests, calls and places.</summary>
/// <param name="tokens">Where they are read from.</param>
internal sealed class TemplateExpressions(TemplateTokens tokens)
{
    private const int Deepest = 200, MostArguments = 50;
    private int _depth;

    private delegate object? Link(TemplateRun run, object? value);

    /// <summary>An expression, perhaps with 'if' and 'else'.</summary>
    public TemplateTerm Whole()
    {
        var before = _depth;
        Deeper();
        var value = Or();
        while (tokens.TakeName("if"))
        {
            Deeper();
            var (yes, test) = (value, Or());
            var no = tokens.TakeName("else") ? Whole() : run => new Undefined("an 'if' without 'else' that didn't hold");
            value = run => TemplateValues.Truth(test(run)) ? yes(run) : no(run);
        }
        _depth = before;
        return value;
    }

    /// <summary>An expression before which an 'if' belongs to the loop.</summary>
    public TemplateTerm WithoutIf()
    {
        Deeper();
        var value = Or();
        _depth--;
        return value;
    }

    private TemplateTerm Or()
    {
        var terms = Several(And, () => tokens.TakeName("or"));
        return terms is [var only] ? only : run =>
        {
            object? value = null;
            foreach (var term in terms)
                if (TemplateValues.Truth(value = term(run))) break;
            return value;
        };
    }

    private TemplateTerm And()
    {
        var terms = Several(Not, () => tokens.TakeName("and"));
        return terms is [var only] ? only : run =>
        {
            object? value = null;
            foreach (var term in terms)
                if (!TemplateValues.Truth(value = term(run))) break;
            return value;
        };
    }

    private TemplateTerm Not()
    {
        var turns = 0;
        while (tokens.TakeName("not")) turns++;
        var value = Comparison();
        return turns == 0 ? value : run => TemplateValues.Truth(value(run)) == (turns % 2 == 0);
    }

    private TemplateTerm Comparison()
    {
        var first = Sum();
        var rest = new List<(string Sign, TemplateTerm Term)>();
        while (true)
        {
            string? sign = null;
            if (tokens.TakeName("in")) sign = "in";
            else if (tokens.IsName("not") && tokens.Second is { Kind: TemplateTokenKind.Name, Text: "in" })
            {
                tokens.Next();
                tokens.Next();
                sign = "not in";
            }
            else sign = Sign("==", "!=", "<=", ">=", "<", ">");
            if (sign is null) break;
            rest.Add((sign, Sum()));
        }
        if (rest.Count == 0) return first;
        var line = tokens.Line;
        return run =>
        {
            var left = first(run);
            foreach (var (sign, term) in rest)
            {
                var right = term(run);
                run.At(line);
                var holds = sign switch
                {
                    "==" => TemplateValues.Equal(run, left, right),
                    "!=" => !TemplateValues.Equal(run, left, right),
                    "in" => TemplateValues.Has(run, left, right),
                    "not in" => !TemplateValues.Has(run, left, right),
                    "<" => TemplateValues.Order(run, left, right) < 0,
                    "<=" => TemplateValues.Order(run, left, right) <= 0,
                    ">" => TemplateValues.Order(run, left, right) > 0,
                    _ => TemplateValues.Order(run, left, right) >= 0,
                };
                if (!holds) return false;
                left = right;
            }
            return true;
        };
    }

    private TemplateTerm Sum() => Reckoned(Together, "+", "-");

    private TemplateTerm Together() => Reckoned(Product, "~");

    private TemplateTerm Product() => Reckoned(() => Signed(filters: true), "*", "//", "/", "%");

    // From left to right, in a loop: as deep as it is long it mustn't be.
    private TemplateTerm Reckoned(Func<TemplateTerm> part, params string[] signs)
    {
        var first = part();
        var rest = new List<(string Sign, int Line, TemplateTerm Term)>();
        while (Sign(signs) is { } sign) rest.Add((sign, tokens.Line, part()));
        return rest.Count == 0 ? first : run =>
        {
            var value = first(run);
            foreach (var (sign, line, term) in rest)
            {
                var next = term(run);
                run.At(line);
                value = TemplateValues.Reckon(run, sign, value, next);
            }
            return value;
        };
    }

    private TemplateTerm Signed(bool filters)
    {
        if (Sign("-", "+") is { } sign)
        {
            Deeper();
            var (line, value) = (tokens.Line, Signed(filters: false));
            _depth--;
            TemplateTerm turned = run =>
            {
                run.At(line);
                var found = value(run);
                run.At(line);
                return TemplateValues.Reckon(run, sign, 0L, found);
            };
            return filters ? Followed(turned, places: false) : turned;
        }
        return Followed(First(), places: true, filters);
    }

    private TemplateTerm First()
    {
        var token = tokens.Next();
        switch (token.Kind)
        {
            case TemplateTokenKind.String:
                var parts = new List<string> { token.Text };     // texts side by side are one
                while (tokens.Peek.Kind == TemplateTokenKind.String) parts.Add(tokens.Next().Text);
                var text = string.Concat(parts);
                return _ => text;
            case TemplateTokenKind.Number:
                object number = long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : throw tokens.Wrong($"the number {TemplateValues.Shown(token.Text)} is too large");
                return _ => number;
            case TemplateTokenKind.Fraction:
                object fraction = double.Parse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) is var value && double.IsFinite(value) ? value : throw tokens.Wrong($"the number {TemplateValues.Shown(token.Text)} is too large");
                return _ => fraction;
            case TemplateTokenKind.Name: return Named(token);
            case TemplateTokenKind.Sign when token.Text == "(":
                var items = Items(")", out var commas);
                return items is [var only] && !commas ? run => { run.At(token.Line); return only(run); } : List(token.Line, items);
            case TemplateTokenKind.Sign when token.Text == "[": return List(token.Line, Items("]", out _));
            case TemplateTokenKind.Sign when token.Text == "{": return Fields();
            default:
                throw tokens.Wrong($"{(token.Kind is TemplateTokenKind.Sign ? $"'{token.Text}'" : "the tag's end")} stands where a value is expected: a name, a text, a number, (, [ or {{");
        }
    }

    private TemplateTerm Named(TemplateToken token)
    {
        switch (token.Text)
        {
            case "true" or "True": return _ => true;
            case "false" or "False": return _ => false;
            case "none" or "None": return _ => null;
            case "if" or "else" or "and" or "or" or "in" or "is" or "not": throw tokens.Wrong($"'{token.Text}' stands where a value is expected");
            default:
                return run =>
                {
                    run.At(token.Line);
                    return run.Find(token.Text);
                };
        }
    }

    private List<TemplateTerm> Items(string close, out bool commas)
    {
        var items = new List<TemplateTerm>();
        commas = false;
        while (!tokens.Take(close))
        {
            if (items.Count > 0)
            {
                tokens.Need(",");
                commas = true;
                if (tokens.Take(close)) break;
            }
            items.Add(Whole());
        }
        commas |= items.Count == 0;
        return items;
    }

    private static TemplateTerm List(int line, List<TemplateTerm> items) => run =>
    {
        run.At(line);
        return items.ConvertAll(item => item(run));
    };

    private TemplateTerm Fields()
    {
        var fields = new List<(TemplateTerm Name, TemplateTerm Value)>();
        var line = tokens.Line;
        while (!tokens.Take("}"))
        {
            if (fields.Count > 0)
            {
                tokens.Need(",");
                if (tokens.Take("}")) break;
            }
            var name = Whole();
            tokens.Need(":");
            fields.Add((name, Whole()));
        }
        return run =>
        {
            run.At(line);
            var made = new Dictionary<string, object?>();
            foreach (var (name, value) in fields)
            {
                var key = name(run);
                run.At(line);
                made[key is string text ? run.Through(text) : throw run.Wrong($"an object's fields have texts as names, and here is {TemplateValues.Kind(key)}")] = value(run);
            }
            return made;
        };
    }

    // What follows a value: .name, [place], (arguments), | filter, is test. Links of a chain, applied in a loop.
    private TemplateTerm Followed(TemplateTerm value, bool places, bool filters = true)
    {
        var links = new List<Link>();
        while (true)
        {
            if (places && tokens.Take(".")) links.Add(Field());
            else if (places && tokens.Take("[")) links.Add(Place());
            else if (tokens.Peek is { Kind: TemplateTokenKind.Sign, Text: "(" } && (places || filters)) links.Add(Call());
            else if (filters && tokens.Take("|")) places = With(links, Filter());
            else if (filters && tokens.TakeName("is")) places = With(links, Test());
            else break;
        }
        return links.Count == 0 ? value : run =>
        {
            var found = value(run);
            foreach (var link in links) found = link(run, found);
            return found;
        };
    }

    // Behind a filter or test no place follows.
    private static bool With(List<Link> links, Link link)
    {
        links.Add(link);
        return false;
    }

    private Link Field()
    {
        var line = tokens.Line;
        if (tokens.Peek.Kind == TemplateTokenKind.Number)
        {
            var place = First();
            return (run, of) => Item(run, line, of, place(run));
        }
        var name = tokens.Name();
        return (run, of) =>
        {
            run.At(line);
            return TemplateValues.Attribute(run, of, name);
        };
    }

    private Link Place()
    {
        var line = tokens.Line;
        TemplateTerm? Bound() => tokens.Peek is { Kind: TemplateTokenKind.Sign, Text: ":" or "]" } ? null : Whole();
        var from = Bound();
        if (!tokens.Take(":"))
        {
            if (from is null) throw tokens.Expected("a place");
            tokens.Need("]");
            return (run, of) =>
            {
                run.At(line);
                return Item(run, line, of, from(run));
            };
        }
        var to = Bound();
        var step = tokens.Take(":") ? Bound() : null;
        tokens.Need("]");
        return (run, of) =>
        {
            run.At(line);
            var (first, end, by) = (from?.Invoke(run), to?.Invoke(run), step?.Invoke(run));
            run.At(line);
            return TemplateValues.Slice(run, of, first, end, by);
        };
    }

    private Link Call()
    {
        var (line, arguments) = (tokens.Peek.Line, Arguments());
        return (run, of) =>
        {
            var (given, named) = arguments(run);
            run.At(line);
            return of is TemplateFunction known ? known.Call(run, given, named) : throw run.Wrong(of is Undefined undefined ? $"nothing can't be called: {undefined.Why}" : $"{TemplateValues.Kind(of)} can't be called");
        };
    }

    private Link Filter()
    {
        var (line, name) = (tokens.Line, tokens.Name());
        var arguments = Arguments();
        return (run, of) =>
        {
            var (given, named) = arguments(run);
            run.At(line);
            return TemplateFunctions.Filtered(run, name, of, given, named);
        };
    }

    private Link Test()
    {
        var line = tokens.Line;
        var (turned, name) = (tokens.TakeName("not"), tokens.Name());
        Func<TemplateRun, (List<object?>, Dictionary<string, object?>)> arguments = _ => ([], []);
        if (tokens.Peek is { Kind: TemplateTokenKind.Sign, Text: "(" }) arguments = Arguments();
        // One argument may stand without brackets, as in x is divisibleby 2.
        else if (tokens.Peek.Kind is TemplateTokenKind.String or TemplateTokenKind.Number or TemplateTokenKind.Fraction || tokens.Peek is { Kind: TemplateTokenKind.Sign, Text: "[" or "{" }
            || tokens.Peek.Kind == TemplateTokenKind.Name && !tokens.IsName("else", "or", "and", "if", "in", "is", "not", "recursive"))
        {
            var only = Followed(First(), places: true, filters: false);
            arguments = run => ([only(run)], []);
        }
        return (run, of) =>
        {
            var (given, named) = arguments(run);
            run.At(line);
            return TemplateFunctions.Is(run, name, of, given, named) != turned;
        };
    }

    // (a, b, name=c); none where no bracket stands.
    private Func<TemplateRun, (List<object?> Given, Dictionary<string, object?> Named)> Arguments()
    {
        var (given, named) = (new List<TemplateTerm>(), new List<(string Name, TemplateTerm Value)>());
        if (tokens.Take("("))
            for (var many = 0; !tokens.Take(")"); many++)
            {
                if (many > 0)
                {
                    tokens.Need(",");
                    if (tokens.Take(")")) break;
                }
                if (many >= MostArguments) throw tokens.Wrong($"a call has more than {MostArguments} arguments");
                if (tokens.Peek.Kind == TemplateTokenKind.Name && tokens.Second is { Kind: TemplateTokenKind.Sign, Text: "=" })
                {
                    var name = tokens.Name();
                    tokens.Need("=");
                    named.Add((name, Whole()));
                }
                else if (named.Count > 0) throw tokens.Wrong("an argument without a name stands behind one with a name");
                else given.Add(Whole());
            }
        var line = tokens.Line;
        return run =>
        {
            run.At(line);
            var byName = new Dictionary<string, object?>();
            foreach (var (name, value) in named) byName[name] = value(run);
            return (given.ConvertAll(value => value(run)), byName);
        };
    }

    private static object? Item(TemplateRun run, int line, object? value, object? place)
    {
        run.At(line);
        return TemplateValues.Item(run, value, place);
    }

    private static List<TemplateTerm> Several(Func<TemplateTerm> part, Func<bool> more)
    {
        var terms = new List<TemplateTerm>();
        do terms.Add(part());
        while (more());
        return terms;
    }

    private string? Sign(params ReadOnlySpan<string> signs) => tokens.Peek.Kind == TemplateTokenKind.Sign && signs.Contains(tokens.Peek.Text) ? tokens.Next().Text : null;

    private void Deeper()
    {
        if (++_depth > Deepest || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw tokens.Wrong($"expressions stand inside one another more than {Deepest} deep");
    }
}
