using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;

namespace CustomerValue.Torch.Training;

/// <summary>Pairs of texts for <see cref="ContrastiveTuning"/>: made, chosen and held out by content alone, so that the same texts always give the same pairs.</summary>
public static class TextPairs
{
    /// <summary>Pairs neighbouring texts of a group: its first with its second, its third with its fourth, and so on; no text stands in two pairs.</summary>
    /// <param name="texts">Texts with what they belong to, such as a customer or a product. Empty ones, ones without a group, and one that equals the text it would be paired with are passed by.</param>
    /// <returns>The pairs, in the order in which they became complete.</returns>
    public static IReadOnlyList<TextPair> OfNeighbours(IEnumerable<GroupedText> texts)
    {
        var (pairs, waiting) = (new List<TextPair>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (text, group) in texts.Select(t => (t.Text.Trim(), t.Group?.Trim() ?? "")))
        {
            if (text.Length == 0 || group.Length == 0) continue;
            if (!waiting.TryGetValue(group, out var first)) waiting[group] = text;
            else if (first != text)
            {
                pairs.Add(new(first, text, group));
                waiting.Remove(group);
            }
        }
        return pairs;
    }

    /// <summary>At most so many of the pairs, spread over all of them, in their order.</summary>
    public static IReadOnlyList<TextPair> AtMost(IReadOnlyList<TextPair> pairs, int most) => pairs.Count <= most ? pairs
        : [.. Enumerable.Range(0, pairs.Count).OrderBy(at => Draw($"{pairs[at].One}\0{pairs[at].Other}")).ThenBy(at => at).Take(most).Order().Select(at => pairs[at])];

    /// <summary>Holds a share of the groups out, or of the pairs where those have no group: what is measured on is then about customers or products that weren't learned from.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="share">In [0, 1); 0 for none.</param>
    public static (IReadOnlyList<TextPair> Train, IReadOnlyList<TextPair> HeldOut) Split(IReadOnlyList<TextPair> pairs, double share)
    {
        Check.Within(share, 0, 0.999999, nameof(share));
        var held = pairs.ToLookup(p => Draw(p.Group ?? $"{p.One}\0{p.Other}") < share * (1L << 32));
        return ([.. held[false]], [.. held[true]]);
    }

    private static uint Draw(string content) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
