using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>Whether a text's likeliest answer to a question is one of those that count as yes.</summary>
/// <param name="First">Where the head's answers begin in a text's row.</param>
/// <param name="Yes">[labels]: whether each counts.</param>
internal sealed record TextVerdict(int First, bool[] Yes)
{
    /// <summary>By the head of that name, all labels but the ones that say no; else by the label of that name, whichever head has it. Null where there is neither.</summary>
    public static TextVerdict? Of(IReadOnlyList<TextHead> heads, int width, string name, IReadOnlyList<string> no)
    {
        var first = width;
        TextVerdict? byLabel = null;
        foreach (var head in heads)
        {
            if (head.Kind == HeadKind.Classification)
            {
                if (head.Name == name) return new(first, [.. head.Labels.Select(label => !no.Contains(label, StringComparer.OrdinalIgnoreCase))]);
                if (head.Labels.Contains(name)) byLabel ??= new(first, [.. head.Labels.Select(label => label == name)]);
            }
            first += Math.Max(1, head.Labels.Count);
        }
        return byLabel;
    }

    /// <summary>Whether the likeliest answer counts; of equally likely ones the first is.</summary>
    public bool Holds(ReadOnlySpan<float> numbers)
    {
        var best = 0;
        for (var k = 1; k < Yes.Length; k++)
            if (numbers[First + k] > numbers[First + best]) best = k;
        return Yes[best];
    }
}
