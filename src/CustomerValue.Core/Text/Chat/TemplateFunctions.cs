namespace CustomerValue.Text.Chat;

/// <summary>What a template can call by name: filters, tests, functions, and the methods of objects and loops. Nothing else is there to be reached.</summary>
internal static class TemplateFunctions
{
    private delegate object? Filter(TemplateRun run, object? value, TemplateArguments arguments);

    private delegate bool Test(TemplateRun run, object? value, TemplateArguments arguments);

    private static readonly SortedDictionary<string, Filter> s_filters = new(StringComparer.Ordinal)
    {
        ["capitalize"] = (run, value, _) => run.Made(TextValues.Capitalized(TemplateValues.Text(run, value))),
        ["count"] = (run, value, _) => Length(run, value),
        ["d"] = Default,
        ["default"] = Default,
        ["first"] = (run, value, _) => TemplateValues.Items(run, value) is [var first, ..] ? first : new Undefined("the first of nothing"),
        ["int"] = (run, value, arguments) => value switch
        {
            double number when Math.Abs(number) < long.MaxValue => (long)number,
            string text => long.TryParse(run.Through(text).Trim(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : arguments.Number(0, "default", 0),
            bool or long => (long)TemplateValues.Number(value)!.Value,
            Undefined undefined => throw run.Wrong($"a number is made of nothing: {undefined.Why}"),
            _ => arguments.Number(0, "default", 0),
        },
        ["items"] = (run, value, _) => value is Undefined ? new List<object?>() : value is Dictionary<string, object?> fields ? Pairs(fields) : throw run.Wrong($"'items' are those of an object, and here is {TemplateValues.Kind(value)}"),
        ["join"] = (run, value, arguments) =>
        {
            var (between, attribute) = (TemplateValues.Text(run, arguments.Find(0, "d") ?? ""), arguments.Find(1, "attribute"));
            return run.Made(TextValues.Joined(run, between, TemplateValues.Items(run, value).Select(item => TemplateValues.Text(run, attribute is null ? item : TemplateValues.Item(run, item, attribute)))));
        },
        ["last"] = (run, value, _) => TemplateValues.Items(run, value) is [.., var last] ? last : new Undefined("the last of nothing"),
        ["length"] = (run, value, _) => Length(run, value),
        ["list"] = (run, value, _) => new List<object?>(TemplateValues.Items(run, value)),
        ["lower"] = (run, value, _) => run.Made(TemplateValues.Text(run, value).ToLowerInvariant()),
        ["map"] = (run, value, arguments) => TemplateValues.Items(run, value).ConvertAll(item =>
        {
            if (arguments.Named.TryGetValue("attribute", out var attribute)) return TemplateValues.Item(run, item, attribute) is var found && found is Undefined && arguments.Named.TryGetValue("default", out var other) ? other : found;
            return Filtered(run, arguments.Text(0, "filter"), item, [.. arguments.Given.Skip(1)], arguments.Named);
        }),
        ["reject"] = (run, value, arguments) => TemplateValues.Items(run, value).FindAll(item => !Tested(run, item, arguments, 0)),
        ["rejectattr"] = (run, value, arguments) => TemplateValues.Items(run, value).FindAll(item => !Tested(run, TemplateValues.Item(run, item, arguments.Text(0, "attribute")), arguments, 1)),
        ["replace"] = (run, value, arguments) => TextValues.Replaced(run, TemplateValues.Text(run, value), arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.Number(2, "count", -1)),
        ["reverse"] = (run, value, _) => TemplateValues.Slice(run, value, null, null, -1L),
        ["safe"] = (_, value, _) => value,                       // nothing is ever escaped
        ["select"] = (run, value, arguments) => TemplateValues.Items(run, value).FindAll(item => Tested(run, item, arguments, 0)),
        ["selectattr"] = (run, value, arguments) => TemplateValues.Items(run, value).FindAll(item => Tested(run, TemplateValues.Item(run, item, arguments.Text(0, "attribute")), arguments, 1)),
        ["string"] = (run, value, _) => TemplateValues.Text(run, value),
        ["tojson"] = (run, value, arguments) => TemplateValues.Json(run, value, (int)Math.Clamp(arguments.Number(0, "indent", -1), -1, 16)),
        ["trim"] = (run, value, arguments) => TextValues.Call(run, TemplateValues.Text(run, value), "strip", arguments),
        ["upper"] = (run, value, _) => run.Made(TemplateValues.Text(run, value).ToUpperInvariant()),
    };

    private static readonly SortedDictionary<string, Test> s_tests = new(StringComparer.Ordinal)
    {
        ["boolean"] = (_, value, _) => value is bool,
        ["defined"] = (_, value, _) => value is not Undefined,
        ["divisibleby"] = (run, value, arguments) => TemplateValues.Equal(run, TemplateValues.Reckon(run, "%", value, arguments.Need(0, "num")), 0L),
        ["eq"] = Equal,
        ["equalto"] = Equal,
        ["even"] = (run, value, _) => TemplateValues.Equal(run, TemplateValues.Reckon(run, "%", value, 2L), 0L),
        ["false"] = (_, value, _) => value is false,
        ["float"] = (_, value, _) => value is double,
        ["in"] = (run, value, arguments) => TemplateValues.Has(run, value, arguments.Need(0, "seq")),
        ["integer"] = (_, value, _) => value is long,
        ["iterable"] = (_, value, _) => value is string or List<object?> or Dictionary<string, object?> or Undefined,
        ["mapping"] = (_, value, _) => value is Dictionary<string, object?>,
        ["ne"] = (run, value, arguments) => !Equal(run, value, arguments),
        ["none"] = (_, value, _) => value is null,
        ["number"] = (_, value, _) => value is bool or long or double,
        ["odd"] = (run, value, _) => TemplateValues.Equal(run, TemplateValues.Reckon(run, "%", value, 2L), 1L),
        ["sequence"] = (_, value, _) => value is string or List<object?> or Dictionary<string, object?> or Undefined,
        ["string"] = (_, value, _) => value is string,
        ["true"] = (_, value, _) => value is true,
        ["undefined"] = (_, value, _) => value is Undefined,
    };

    private static readonly Dictionary<string, TemplateFunction> s_globals = new TemplateFunction[]
    {
        new("dict", (_, _, named) => new Dictionary<string, object?>(named)),
        new("namespace", (run, given, named) =>
        {
            var space = new TemplateNamespace();
            foreach (var (name, value) in given is [Dictionary<string, object?> fields] ? fields.Concat(named) : named) space.Values[name] = value;
            return given.Count > 1 || given is [not Dictionary<string, object?>] ? throw run.Wrong("namespace takes names with values, such as namespace(found=false)") : space;
        }),
        new("raise_exception", (run, given, named) => throw run.Wrong($"the template refuses the messages: {TemplateValues.Shown(TemplateValues.Text(run, new TemplateArguments(run, "raise_exception", given, named).Need(0, "message")), 300)}")),
        new("range", (run, given, named) =>
        {
            var arguments = new TemplateArguments(run, "range", given, named);
            var (first, second, by) = (arguments.Number(0, "start", 0), arguments.Find(1, "stop"), arguments.Number(2, "step", 1));
            var (from, to) = second is null ? (0, first) : (first, arguments.Number(1, "stop", 0));
            if (by == 0) throw run.Wrong("range can't go in steps of 0");
            var count = by > 0 ? ((Int128)to - from + by - 1) / by : ((Int128)from - to - by - 1) / -(Int128)by;
            if (count > 100_000) throw run.Wrong("range would have more than the 100,000 numbers that are allowed");
            run.Spend((long)Int128.Max(0, count));
            var numbers = new List<object?>();
            for (var n = 0; n < count; n++) numbers.Add(from + n * by);
            return numbers;
        }),
    }.ToDictionary(function => function.Name);

    /// <summary>A function, or what nothing was given for.</summary>
    public static object Global(string name) => s_globals.TryGetValue(name, out var function) ? function : new Undefined(name == "strftime_now"
        ? "strftime_now asks for today's date, and a text that a model is given must not depend on the clock: give the date as a value (date_string, in many templates), or write it into a chat_template.jinja of the folder"
        : $"there is no '{TemplateValues.Shown(name)}'; known are messages, add_generation_prompt, the folder's tokens (bos_token, eos_token, ...), values that were given, and the functions {string.Join(", ", s_globals.Keys)}");

    /// <summary>value | name(...).</summary>
    public static object? Filtered(TemplateRun run, string name, object? value, IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> named)
    {
        run.Spend(1);
        return s_filters.TryGetValue(name, out var filter) ? filter(run, value, new(run, name, given, named)) : throw run.Wrong($"there is no filter '{TemplateValues.Shown(name)}' here; known are {string.Join(", ", s_filters.Keys)}");
    }

    /// <summary>value is name(...).</summary>
    public static bool Is(TemplateRun run, string name, object? value, IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> named)
    {
        run.Spend(1);
        return s_tests.TryGetValue(name, out var test) ? test(run, value, new(run, name, given, named)) : throw run.Wrong($"there is no test '{TemplateValues.Shown(name)}' here; known are {string.Join(", ", s_tests.Keys)}");
    }

    /// <summary>A method of an object; null where it has none of that name.</summary>
    public static TemplateFunction? OfObject(Dictionary<string, object?> fields, string name) => name switch
    {
        "items" => new(name, (_, _, _) => Pairs(fields)),
        "keys" => new(name, (_, _, _) => new List<object?>(fields.Keys)),
        "values" => new(name, (_, _, _) => new List<object?>(fields.Values)),
        "get" => new(name, (run, given, named) => new TemplateArguments(run, name, given, named) is var arguments && fields.TryGetValue(run.Through(arguments.Text(0, "key")), out var value) ? value : arguments.Find(1, "default")),
        _ => null,
    };

    /// <summary>loop.name.</summary>
    public static object? OfLoop(TemplateLoop loop, string name) => name switch
    {
        "index" => loop.Index + 1L,
        "index0" => (long)loop.Index,
        "revindex" => (long)loop.Items.Count - loop.Index,
        "revindex0" => loop.Items.Count - loop.Index - 1L,
        "first" => loop.Index == 0,
        "last" => loop.Index == loop.Items.Count - 1,
        "length" => (long)loop.Items.Count,
        "previtem" => loop.Index > 0 ? loop.Items[loop.Index - 1] : new Undefined("nothing comes before the first"),
        "nextitem" => loop.Index < loop.Items.Count - 1 ? loop.Items[loop.Index + 1] : new Undefined("nothing comes after the last"),
        _ => new Undefined($"a loop has no '{TemplateValues.Shown(name)}'; known are index, index0, revindex, revindex0, first, last, length, previtem, nextitem"),
    };

    private static List<object?> Pairs(Dictionary<string, object?> fields) => [.. fields.Select(field => new List<object?> { field.Key, field.Value })];

    private static long Length(TemplateRun run, object? value) => value is string text ? TextValues.Length(run.Through(text)) : value is Dictionary<string, object?> fields ? fields.Count : TemplateValues.Items(run, value).Count;

    private static object? Default(TemplateRun run, object? value, TemplateArguments arguments) =>
        value is Undefined || TemplateValues.Truth(arguments.Find(1, "boolean")) && !TemplateValues.Truth(value) ? arguments.Has(0, "default_value") ? arguments.Find(0, "default_value") : "" : value;

    private static bool Equal(TemplateRun run, object? value, TemplateArguments arguments) => TemplateValues.Equal(run, value, arguments.Need(0, "other"));

    // A test named among a filter's arguments; without one, truth.
    private static bool Tested(TemplateRun run, object? value, TemplateArguments arguments, int at) =>
        arguments.Given.Count <= at ? TemplateValues.Truth(value) : Is(run, arguments.Text(at, "test"), value, [.. arguments.Given.Skip(at + 1)], arguments.Named);
}
