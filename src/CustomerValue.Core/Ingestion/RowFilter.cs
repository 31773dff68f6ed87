using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Ingestion;

/// <summary>An exclusion rule made ready for bytes.</summary>
internal sealed class RowFilter
{
    private readonly byte[][] _prefixes, _values;
    private readonly Regex? _pattern;
    private readonly bool _whenMatching;
    private readonly DateTime _from = DateTime.MaxValue, _before = DateTime.MinValue;

    public RowFilter(ExcludeRule rule, int field)
    {
        (Field, Reason) = (field, rule.Reason);
        _prefixes = [.. rule.StartsWith.Select(Encoding.UTF8.GetBytes)];
        _values = [.. rule.Is.Select(Encoding.UTF8.GetBytes)];
        _whenMatching = rule.Matching is not null;
        if ((rule.Matching ?? rule.NotMatching) is { } pattern) _pattern = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        if (rule.OnOrAfter is { } from) _from = from.ToDateTime(TimeOnly.MinValue);
        if (rule.Before is { } before) _before = before.ToDateTime(TimeOnly.MinValue);
        NeedsTime = rule.OnOrAfter is not null || rule.Before is not null;
    }

    /// <summary>Position of the field that decides.</summary>
    public int Field { get; }

    public string Reason { get; }

    /// <summary>Whether the rule compares times.</summary>
    public bool NeedsTime { get; }

    public bool Catches(DateTime at) => at >= _from || at < _before;

    public bool Catches(ReadOnlySpan<byte> value)
    {
        foreach (var prefix in _prefixes)
            if (value.StartsWith(prefix)) return true;
        foreach (var excluded in _values)
            if (value.SequenceEqual(excluded)) return true;
        if (_pattern is null) return false;
        Span<char> text = value.Length <= 256 ? stackalloc char[value.Length] : new char[value.Length];
        return _pattern.IsMatch(text[..Encoding.UTF8.GetChars(value, text)]) == _whenMatching;
    }
}
