namespace CustomerValue.Text.Chat;

/// <summary>The pieces of a template, read one after the other.</summary>
internal sealed class TemplateTokens(List<TemplateToken> tokens, string source)
{
    private int _at;

    /// <summary>The line of the piece that was read last.</summary>
    public int Line => tokens[Math.Max(0, _at - 1)].Line;

    public TemplateToken Peek => tokens[_at];

    /// <summary>The piece after the next.</summary>
    public TemplateToken Second => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public TemplateToken Next() => _at < tokens.Count - 1 ? tokens[_at++] : tokens[_at];

    public bool Take(string sign)
    {
        if (Peek.Kind != TemplateTokenKind.Sign || Peek.Text != sign) return false;
        _at++;
        return true;
    }

    public bool TakeName(string name)
    {
        if (!IsName(name)) return false;
        _at++;
        return true;
    }

    public bool IsName(params ReadOnlySpan<string> names) => Peek.Kind == TemplateTokenKind.Name && names.Contains(Peek.Text);

    public string Name() => Peek.Kind == TemplateTokenKind.Name ? Next().Text : throw Expected("a name");

    public void Need(string sign)
    {
        if (!Take(sign)) throw Expected($"'{sign}'");
    }

    public void Need(TemplateTokenKind kind, string shown)
    {
        if (Peek.Kind != kind) throw Expected(shown);
        _at++;
    }

    public ChatTemplateException Expected(string what)
    {
        var found = Peek.Kind switch
        {
            TemplateTokenKind.End => "the template's end",
            TemplateTokenKind.EndBlock => "%}",
            TemplateTokenKind.EndValue => "}}",
            TemplateTokenKind.String => "a text",
            _ => $"'{TemplateValues.Shown(Peek.Text)}'",
        };
        return new($"{source}, line {Peek.Line}: {found} stands where {what} is expected.");
    }

    public ChatTemplateException Wrong(string problem) => new($"{source}, line {Line}: {problem}.");
}
