using System.Globalization;
using CustomerValue.Text;

namespace CustomerValue.Features;

/// <summary>One number that an encoder gives for each text, and that is followed over a customer's texts: a head's number, or the probability of one of its labels.</summary>
/// <param name="Name">Start of its columns' names, snake_case.</param>
/// <param name="Head">The head that answers.</param>
/// <param name="Label">Which of its labels; -1 for a number.</param>
/// <param name="First">Where the head's answers begin in a text's row.</param>
/// <param name="InShort">Whether only how often and how much of late is told, since the head has many labels.</param>
internal sealed record TextSeries(string Name, TextHead Head, int Label, int First, bool InShort)
{
    private static readonly string[] s_yes = ["yes", "true", "1"];
    private readonly double[]? _ranks = Head.Kind == HeadKind.Ordinal ? Ranks(Head.Labels) : null;

    /// <summary>What is assumed where nothing was written: the mean that a number had in training, the middle of ordered labels, the same probability for each label.</summary>
    public double Neutral => Head.Kind switch { HeadKind.Regression => Head.Mean, HeadKind.Ordinal => _ranks!.Average(), _ => 1.0 / Head.Labels.Count };

    /// <summary>Whether it is a number rather than a label's probability.</summary>
    public bool IsNumber => Label < 0;

    /// <summary>What the catalogue calls it.</summary>
    public string Says => IsNumber ? $"what the head {Head.Name} says" : $"the probability of {Head.Labels[Label]} by the head {Head.Name}";

    /// <summary>Its value for one text.</summary>
    /// <param name="numbers">The text's row: embedding, then answers.</param>
    public double Of(ReadOnlySpan<float> numbers)
    {
        if (_ranks is null) return numbers[First + Math.Max(0, Label)];
        var sum = 0.0;
        for (var k = 0; k < _ranks.Length; k++) sum += _ranks[k] * numbers[First + k];
        return sum;
    }

    /// <summary>Whether its label is the likeliest for a text; of equally likely ones the first is.</summary>
    public bool Wins(ReadOnlySpan<float> numbers)
    {
        var best = 0;
        for (var k = 1; k < Head.Labels.Count; k++)
            if (numbers[First + k] > numbers[First + best]) best = k;
        return best == Label;
    }

    /// <summary>The series of all heads. Of two labels one is followed, as the other says the same.</summary>
    /// <param name="heads">The heads, in the order of a row's answers.</param>
    /// <param name="width">H: where the first head's answers begin.</param>
    /// <param name="options">Which are told in short.</param>
    public static IReadOnlyList<TextSeries> Of(IReadOnlyList<TextHead> heads, int width, TextFeatureOptions options)
    {
        var (series, first) = (new List<TextSeries>(), width);
        foreach (var head in heads)
        {
            var inShort = head.Kind == HeadKind.Classification && (head.Labels.Count > options.MostLabels || head.Name == options.TopicHead);
            if (head.Kind != HeadKind.Classification) series.Add(new(Snake(head.Name), head, -1, first, false));
            else if (head.Labels.Count == 2 && !inShort) series.Add(OfTwo(head, first));
            else
                for (var k = 0; k < head.Labels.Count; k++) series.Add(new($"{Snake(head.Name)}_{Named(head.Labels[k], k)}", head, k, first, inShort));
            first += Math.Max(1, head.Labels.Count);
        }
        return series;
    }

    // Yes of yes and no needs no name beside the head's.
    private static TextSeries OfTwo(TextHead head, int first)
    {
        var yes = head.Labels.Select((label, k) => (label, k)).Where(l => s_yes.Contains(l.label, StringComparer.OrdinalIgnoreCase) || l.label == head.Name).Select(l => l.k).DefaultIfEmpty(-1).First();
        return yes >= 0 ? new(Snake(head.Name), head, yes, first, false) : new($"{Snake(head.Name)}_{Named(head.Labels[1], 1)}", head, 1, first, false);
    }

    private static string Named(string label, int k) => Snake(label) is var name && name.Any(char.IsAsciiLetterOrDigit) ? name : string.Create(CultureInfo.InvariantCulture, $"label_{k}");

    private static string Snake(string name) => new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_')]);

    private static double[] Ranks(IReadOnlyList<string> labels)
    {
        var numbers = labels.Select(l => double.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN).ToArray();
        return Array.Exists(numbers, double.IsNaN) ? [.. Enumerable.Range(0, labels.Count).Select(k => (double)k)] : numbers;
    }
}
