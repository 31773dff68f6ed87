namespace CustomerValue.Text.Tokenizers;

/// <summary>A place in a template: a special token, or one of the texts.</summary>
/// <param name="Token">Id of the special token; null where a text stands.</param>
/// <param name="Second">Whether it is the second text's place.</param>
/// <param name="Type">The type id that the place gets.</param>
internal readonly record struct TemplatePart(int? Token, bool Second, int Type);

/// <summary>What a model expects around one text, or around a pair.</summary>
internal sealed record SequenceTemplate(IReadOnlyList<TemplatePart> Single, IReadOnlyList<TemplatePart> Pair)
{
    private static readonly TemplatePart s_first = new(null, Second: false, 0), s_second = new(null, Second: true, 1);

    /// <summary>Nothing around a text.</summary>
    public static SequenceTemplate Plain { get; } = new([s_first], [s_first, s_second]);

    /// <summary>[CLS] A [SEP], and [CLS] A [SEP] B [SEP]; what the vocabulary lacks is left out.</summary>
    public static SequenceTemplate Bert(SpecialTokens special)
    {
        TemplatePart[] start = special.Start is { } cls ? [new(cls, false, 0)] : [];
        TemplatePart[] End(int type) => special.End is { } sep ? [new(sep, false, type)] : [];
        return new([.. start, s_first, .. End(0)], [.. start, s_first, .. End(0), s_second, .. End(1)]);
    }

    /// <summary>A special token before and after the text, each where there is one.</summary>
    public static SequenceTemplate Around(int? before, int? after)
    {
        TemplatePart[] start = before is { } b ? [new(b, false, 0)] : [], end = after is { } e ? [new(e, false, 0)] : [];
        return new([.. start, s_first, .. end], [.. start, s_first, .. end, .. start, s_second with { Type = 0 }, .. end]);
    }

    /// <summary>The text's ids in their place, its end cut off where they are too many.</summary>
    public int[] Around(List<int> text, int maxTokens)
    {
        var room = Room(Single, maxTokens);
        return Filled(Single, text, Math.Min(text.Count, room), [], 0).Ids;
    }

    /// <summary>Two texts' ids in their places; the longer one is cut first, the second where they are equally long.</summary>
    public (int[] Ids, int[] Types) Around(List<int> first, List<int> second, int maxTokens)
    {
        var room = Room(Pair, maxTokens);
        var (a, b) = (first.Count, second.Count);
        if ((long)a + b > room)
        {
            var (small, half) = (Math.Min(a, b), room / 2);
            if (small > half) (a, b) = (room - half, half);
            else (a, b) = a > b ? (room - b, b) : (a, room - a);
        }
        return Filled(Pair, first, a, second, b);
    }

    private static int Room(IReadOnlyList<TemplatePart> parts, int maxTokens)
    {
        var special = parts.Count(p => p.Token is not null);
        return maxTokens >= special ? maxTokens - special
            : throw new ArgumentOutOfRangeException(nameof(maxTokens), maxTokens, $"maxTokens must be at least {special}: the special tokens around a text alone are that many.");
    }

    private static (int[] Ids, int[] Types) Filled(IReadOnlyList<TemplatePart> parts, List<int> first, int firstLength, List<int> second, int secondLength)
    {
        var length = parts.Sum(p => p.Token is not null ? 1 : p.Second ? secondLength : firstLength);
        var (ids, types, at) = (new int[length], new int[length], 0);
        foreach (var part in parts)
        {
            var (source, count) = part.Second ? (second, secondLength) : (first, firstLength);
            if (part.Token is { } token) (ids[at], count) = (token, 1);
            else source.CopyTo(0, ids, at, count);
            types.AsSpan(at, count).Fill(part.Type);
            at += count;
        }
        return (ids, types);
    }
}
