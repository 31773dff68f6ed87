using CustomerValue.Packaging.Scoring;
using CustomerValue.Text;

namespace CustomerValue.Cli.Commands;

/// <summary>What commands share that ask a package of texts.</summary>
internal static class PackagedTexts
{
    private const int Shown = 8;

    /// <summary>The texts of a file; a file of one text a line has no columns.</summary>
    public static IEnumerable<GroupedText> Read(string input, string? column, string? id) =>
        TextColumn.Read(input, ScoreFormats.Of(input) == ScoreFormat.Csv && !IsTable(input) ? null : column, id);

    /// <summary>The commonest labels, in words.</summary>
    public static string Told(TextScoreCounts counts)
    {
        var common = counts.ByLabel.Where(c => c.Value > 0).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        return string.Join(", ", common.Take(Shown).Select(c => Terminal.Text($"{c.Key} {c.Value:#,0}"))) + (common.Count > Shown ? Terminal.Text($" and {common.Count - Shown} more labels") : "");
    }

    private static bool IsTable(string path) =>
        Path.GetExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path).ToLowerInvariant() is ".csv" or ".tsv";
}
