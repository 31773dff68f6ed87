using System.Runtime.CompilerServices;
using System.Text;

namespace CustomerValue.Text.Chat;

/// <summary>What a name stands for that nothing was given for: false, empty when it is printed, and refused where something is done with it.</summary>
/// <param name="Why">Such as "there is no 'name' among ...".</param>
internal sealed record Undefined(string Why);

/// <summary>What namespace() makes: values that a loop's body can change for good.</summary>
internal sealed class TemplateNamespace
{
    public Dictionary<string, object?> Values { get; } = [];
}

/// <summary>Something that can be called.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Call">Given the run, arguments in order, and arguments by name.</param>
internal sealed record TemplateFunction(string Name, Func<TemplateRun, IReadOnlyList<object?>, IReadOnlyDictionary<string, object?>, object?> Call);

/// <summary>A place in a loop.</summary>
internal sealed record TemplateLoop(IReadOnlyList<object?> Items, int Index);

/// <summary>One rendering: names, output, and what may still be spent. Nothing outside the template can be reached from it: no file, no clock, no type.</summary>
internal sealed class TemplateRun(string source)
{
    public const int MostSteps = 2_000_000, LongestText = 8_000_000;
    private const long MostCharacters = 64_000_000;

    private readonly StringBuilder _output = new();
    private long _steps, _characters;
    private int _line = 1;
    private StringBuilder? _captured;

    /// <summary>Names, the innermost last; the first holds what the whole template sees.</summary>
    public List<Dictionary<string, object?>> Scopes { get; private set; } = [[]];

    public StringBuilder Output => _captured ?? _output;

    /// <summary>Tells where the work is, and counts it. Whatever calls itself, by brackets, blocks or macros, comes by here.</summary>
    public void At(int line)
    {
        _line = line;
        Spend(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Wrong("blocks, brackets and macros stand inside one another too deep");
    }

    public void Spend(long steps)
    {
        if ((_steps += steps) > MostSteps) throw Wrong($"the template has taken {MostSteps:#,0} steps, and no more are allowed. A template for some hundred messages takes some ten thousand");
    }

    /// <summary>A text that is gone through once more, counted.</summary>
    public string Through(string text)
    {
        Spend(text.Length / 1024);
        return text;
    }

    /// <summary>A text that was made, counted.</summary>
    public string Made(string text)
    {
        Room(text.Length);
        return text;
    }

    /// <summary>Refuses a text that would be too long before it is made.</summary>
    public void Room(long length)
    {
        if (length > LongestText) throw Wrong($"a text would have {length:#,0} characters, and {LongestText:#,0} are allowed");
        if ((_characters += length) > MostCharacters) throw Wrong($"the template has made texts of {MostCharacters:#,0} characters in all, and no more are allowed");
    }

    public void Print(string text)
    {
        if ((long)Output.Length + text.Length is var length and > LongestText) throw Wrong($"the output would have {length:#,0} characters, and {LongestText:#,0} are allowed");
        Room(text.Length);
        Output.Append(text);
    }

    public object? Find(string name)
    {
        for (var scope = Scopes.Count - 1; scope >= 0; scope--)
            if (Scopes[scope].TryGetValue(name, out var value)) return value;
        return TemplateFunctions.Global(name);
    }

    public void Set(string name, object? value) => Scopes[^1][name] = value;

    /// <summary>Does work whose output becomes a text.</summary>
    /// <param name="work">The work.</param>
    /// <param name="inside">Names that the work sees beside those of the whole template; null where it sees all.</param>
    public string Captured(Action<TemplateRun> work, Dictionary<string, object?>? inside = null)
    {
        var (before, scopes) = (_captured, Scopes);
        _captured = new();
        if (inside is not null) Scopes = [Scopes[0], inside];
        work(this);
        var text = _captured.ToString();
        (_captured, Scopes) = (before, scopes);
        return text;
    }

    public ChatTemplateException Wrong(string problem) => new($"{source}, line {_line}: {problem}.");
}
