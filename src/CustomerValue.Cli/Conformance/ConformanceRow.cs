using System.Text.Json.Serialization;

namespace CustomerValue.Cli.Conformance;

/// <summary>A published number, and ours.</summary>
/// <param name="Name">Stable name: model or data set, dot, quantity.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Published">The number as printed.</param>
/// <param name="Ours">What this program computes now.</param>
/// <param name="Tolerance">Largest difference that counts as met.</param>
/// <param name="Met">Whether ours is the published number, to the tolerance.</param>
internal sealed record ConformanceRow(string Name, string Source, double Published, double Ours, double Tolerance, bool Met)
{
    /// <summary>Why ours differs, where that is known and ours is the value it explains; left out of the document elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Explained { get; init; }

    /// <summary>Neither met nor explained.</summary>
    [JsonIgnore]
    public bool Failed => !Met && Explained is null;

    /// <summary>Sets ours beside a published number. The last bits of binary rounding at the very edge count as met.</summary>
    public static ConformanceRow Of(PublishedNumber number, double ours)
    {
        var met = Near(number.Published);
        return new(number.Name, number.Source, number.Published, ours, number.Tolerance, met) { Explained = !met && number.Known is { } known && Near(known.Ours) ? known.Why : null };

        bool Near(double value) => Math.Abs(ours - value) <= number.Tolerance * (1 + 1e-9);
    }
}
