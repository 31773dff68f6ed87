using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CustomerValue.Ingestion;
using CustomerValue.Text;

namespace CustomerValue.Torch.Training;

/// <summary>A second question that a network learns to answer beside the one that it is judged by: what is known of the training texts besides, such as the stars beside a recommendation.</summary>
/// <param name="Head">The question.</param>
/// <param name="Targets">By text: the label's number, or a number in the target's unit. Texts that aren't among them have none.</param>
/// <param name="Weight">Of its loss, where the first question's weighs 1.</param>
/// <remarks>Caruana (1997), "Multitask Learning". When the network answers it reads the text alone.</remarks>
public sealed record SideTask(TextHead Head, IReadOnlyDictionary<string, float> Targets, double Weight = 0.5)
{
    /// <summary>The labels of a data set's training and dev texts, in their order where they have one.</summary>
    /// <param name="name">The question's name.</param>
    /// <param name="texts">The texts with their labels.</param>
    /// <param name="kind">Classification or ordinal.</param>
    /// <param name="weight">Of its loss.</param>
    public static SideTask Of(string name, TextDataset texts, HeadKind kind, double weight = 0.5)
    {
        var targets = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var part in new[] { texts.Train, texts.Dev })
            for (var at = 0; at < part.Texts.Count; at++) targets[part.Texts[at]] = part.Labels[at];
        return new(new(name, kind, texts.Classes), targets, weight);
    }

    /// <summary>[texts]: targets; NaN where a text has none.</summary>
    internal float[] Of(IReadOnlyList<string> texts) => [.. texts.Select(text => Targets.TryGetValue(text, out var target) ? target : float.NaN)];

    /// <summary>What it is, for what is logged.</summary>
    internal string Told
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (text, target) in Targets.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
                hash.AppendData(BitConverter.GetBytes(target));
            }
            return string.Create(CultureInfo.InvariantCulture, $"{Head.Name} ({Head.Kind}), weight {Weight}, {Targets.Count} texts, {Convert.ToHexStringLower(hash.GetHashAndReset())[..12]}");
        }
    }
}
