using System.Runtime.CompilerServices;

namespace CustomerValue.Text.Chat;

/// <summary>Does a part of a template.</summary>
internal delegate void TemplateStep(TemplateRun run);

/// <summary>Reads the statements of a template: what stands between {% and %}, and the texts and values between them.</summary>
internal sealed class TemplateParser
{
    private const int LongestTemplate = 1_000_000, DeepestBlock = 60;
    private static readonly string[] s_known = ["for", "if", "set", "macro", "generation"];

    private readonly TemplateTokens _tokens;
    private readonly TemplateExpressions _expressions;
    private int _depth;

    private TemplateParser(TemplateTokens tokens) => (_tokens, _expressions) = (tokens, new(tokens));

    /// <summary>The whole template, ready to be rendered any number of times.</summary>
    /// <exception cref="ChatTemplateException">It asks for what isn't read here; the message names the line and what is known.</exception>
    public static TemplateStep Parse(string template, string source)
    {
        if (template.Length > LongestTemplate) throw new ChatTemplateException($"{source}: the template has {template.Length:#,0} characters, and at most {LongestTemplate:#,0} are read. Take the template from its source again.");
        var parser = new TemplateParser(new(TemplateLexer.Read(template, source), source));
        return parser.Body([], out _);
    }

    // Steps up to a block of one of these names, whose name is read; up to the template's end where none is given.
    private TemplateStep Body(string[] ends, out string end)
    {
        if (++_depth > DeepestBlock || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw _tokens.Wrong($"blocks stand inside one another more than {DeepestBlock} deep");
        var steps = new List<TemplateStep>();
        while (true)
        {
            var token = _tokens.Next();
            switch (token.Kind)
            {
                case TemplateTokenKind.Text:
                    steps.Add(run => { run.At(token.Line); run.Print(token.Text); });
                    break;
                case TemplateTokenKind.BeginValue:
                    var value = _expressions.Whole();
                    _tokens.Need(TemplateTokenKind.EndValue, "}}");
                    steps.Add(run =>
                    {
                        var found = value(run);
                        run.At(token.Line);
                        run.Print(TemplateValues.Text(run, found));
                    });
                    break;
                case TemplateTokenKind.BeginBlock:
                    var name = _tokens.Name();
                    if (ends.Contains(name))
                    {
                        _depth--;
                        end = name;
                        return Together(steps);
                    }
                    steps.Add(Statement(name, ends));
                    break;
                default:
                    if (ends.Length > 0) throw _tokens.Wrong($"the template ends where {{% {string.Join(" %} or {% ", ends)} %}} is expected");
                    _depth--;
                    end = "";
                    return Together(steps);
            }
        }
    }

    private TemplateStep Statement(string name, string[] ends)
    {
        switch (name)
        {
            case "if": return If();
            case "for": return For();
            case "set": return Set();
            case "macro": return Macro();
            case "generation":                                   // marks what a model is trained on; nothing of it is printed
                End();
                var body = Body(["endgeneration"], out _);
                End();
                return body;
            default: throw _tokens.Wrong($"there is no block {{% {TemplateValues.Shown(name)} %}} here; known are {string.Join(", ", s_known)}{(ends.Length > 0 ? $", and {string.Join(", ", ends)} ends this one" : "")}");
        }
    }

    private TemplateStep If()
    {
        var (branches, otherwise) = (new List<(TemplateTerm Test, TemplateStep Body)>(), (TemplateStep?)null);
        for (var end = "if"; end != "endif";)
        {
            if (end == "else")
            {
                End();
                otherwise = Body(["endif"], out end);
                continue;
            }
            var (line, test) = (_tokens.Line, _expressions.Whole());
            End();
            branches.Add((run => { run.At(line); return test(run); }, Body(["elif", "else", "endif"], out end)));
        }
        End();
        return run =>
        {
            foreach (var (test, body) in branches)
                if (TemplateValues.Truth(test(run)))
                {
                    body(run);
                    return;
                }
            otherwise?.Invoke(run);
        };
    }

    private TemplateStep For()
    {
        var (line, names) = (_tokens.Line, Names());
        if (_tokens.Name() != "in") throw _tokens.Wrong("'in' is expected, as in {% for message in messages %}");
        var items = _expressions.WithoutIf();
        var only = _tokens.TakeName("if") ? _expressions.Whole() : null;
        if (_tokens.TakeName("recursive")) throw _tokens.Wrong("'recursive' loops aren't read here; known are {% for NAME in ITEMS %} and {% for NAME in ITEMS if TEST %}");
        End();
        var (body, otherwise) = (Body(["else", "endfor"], out var end), (TemplateStep?)null);
        End();
        if (end == "else")
        {
            otherwise = Body(["endfor"], out _);
            End();
        }
        return run =>
        {
            var found = items(run);
            run.At(line);
            var all = TemplateValues.Items(run, found);
            // Names that are set in a round are gone in the next: what should last is kept in a namespace.
            run.Scopes.Add([]);
            if (only is not null)
                all = all.FindAll(item =>
                {
                    run.At(line);
                    run.Scopes[^1] = [];
                    Give(run, names, item);
                    return TemplateValues.Truth(only(run));
                });
            for (var at = 0; at < all.Count; at++)
            {
                run.At(line);
                run.Scopes[^1] = new() { ["loop"] = new TemplateLoop(all, at) };
                Give(run, names, all[at]);
                body(run);
            }
            run.Scopes.RemoveAt(run.Scopes.Count - 1);
            if (all.Count == 0) otherwise?.Invoke(run);
        };
    }

    private TemplateStep Set()
    {
        var (line, names) = (_tokens.Line, Names());
        var field = names.Count == 1 && _tokens.Take(".") ? _tokens.Name() : null;
        if (!_tokens.Take("="))
        {
            if (field is not null || names.Count > 1) throw _tokens.Wrong("'=' is expected, as in {% set space.name = value %}");
            End();
            var body = Body(["endset"], out _);
            End();
            return run => run.Set(names[0], run.Captured(new Action<TemplateRun>(body)));
        }
        var value = _expressions.Whole();
        End();
        return run =>
        {
            var found = value(run);
            run.At(line);
            if (field is null) Give(run, names, found);
            else if (run.Find(names[0]) is TemplateNamespace space) space.Values[field] = found;
            else throw run.Wrong($"'{TemplateValues.Shown(names[0])}' is {TemplateValues.Kind(run.Find(names[0]))}; only what namespace() made has fields that can be set");
        };
    }

    private TemplateStep Macro()
    {
        var (line, name, names, defaults) = (_tokens.Line, _tokens.Name(), new List<string>(), new List<TemplateTerm?>());
        _tokens.Need("(");
        while (!_tokens.Take(")"))
        {
            if (names.Count > 0) _tokens.Need(",");
            names.Add(_tokens.Name());
            defaults.Add(_tokens.Take("=") ? _expressions.Whole() : null);
        }
        End();
        var body = Body(["endmacro"], out _);
        End();
        return run => run.Set(name, new TemplateFunction(name, (called, given, named) =>
        {
            called.At(line);
            if (given.Count > names.Count || named.Keys.FirstOrDefault(n => !names.Contains(n)) is not null) throw called.Wrong($"the macro {TemplateValues.Shown(name)} takes {(names.Count == 0 ? "nothing" : string.Join(", ", names))}, and something else was given");
            var inside = new Dictionary<string, object?>();
            for (var at = 0; at < names.Count; at++)
                inside[names[at]] = at < given.Count ? given[at] : named.TryGetValue(names[at], out var value) ? value : defaults[at] is { } term ? term(called) : new Undefined($"'{names[at]}' wasn't given to the macro {name}");
            return called.Captured(new Action<TemplateRun>(body), inside);
        }));
    }

    private List<string> Names()
    {
        var bracket = _tokens.Take("(");
        var names = new List<string> { _tokens.Name() };
        while (_tokens.Take(",")) names.Add(_tokens.Name());
        if (bracket) _tokens.Need(")");
        return names;
    }

    private void End() => _tokens.Need(TemplateTokenKind.EndBlock, "%}");

    private static void Give(TemplateRun run, List<string> names, object? value)
    {
        if (names.Count == 1)
        {
            run.Set(names[0], value);
            return;
        }
        var parts = TemplateValues.Items(run, value);
        if (parts.Count != names.Count) throw run.Wrong($"{names.Count} names stand where {parts.Count} values come");
        for (var at = 0; at < names.Count; at++) run.Set(names[at], parts[at]);
    }

    private static TemplateStep Together(List<TemplateStep> steps) => steps.Count == 1 ? steps[0] : run =>
    {
        foreach (var step in steps) step(run);
    };
}
