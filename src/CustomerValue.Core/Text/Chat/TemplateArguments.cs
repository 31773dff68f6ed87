namespace CustomerValue.Text.Chat;

/// <summary>Arguments of a call, found by place or name.</summary>
/// <param name="run">The run.</param>
/// <param name="function">What is called, for messages.</param>
/// <param name="given">In order.</param>
/// <param name="named">By name.</param>
internal sealed class TemplateArguments(TemplateRun run, string function, IReadOnlyList<object?> given, IReadOnlyDictionary<string, object?> named)
{
    /// <summary>In order.</summary>
    public IReadOnlyList<object?> Given => given;

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, object?> Named => named;

    public bool Has(int at, string name) => at < given.Count || named.ContainsKey(name);

    /// <summary>The argument; none where it wasn't given.</summary>
    public object? Find(int at, string name) => at < given.Count ? given[at] : named.GetValueOrDefault(name);

    public object? Need(int at, string name) => Has(at, name) ? Find(at, name) : throw run.Wrong($"{function} needs '{name}'");

    public string Text(int at, string name) => Need(at, name) is var value && value is string text ? text : throw run.Wrong($"{function}: '{name}' is {TemplateValues.Kind(value)}, and a text is expected");

    public string? OptionalText(int at, string name) => Find(at, name) is null ? null : Text(at, name);

    public long Number(int at, string name, long otherwise) => Find(at, name) switch
    {
        null => otherwise,
        long number => number,
        var value => throw run.Wrong($"{function}: '{name}' is {TemplateValues.Kind(value)}, and a whole number is expected"),
    };
}
