namespace CustomerValue.Text;

/// <summary>Traditional Chinese characters and the simplified ones that they are written with today, one for one.</summary>
/// <remarks>Source: OpenCC's TSCharacters.txt (BYVoid/OpenCC, Apache-2.0), the first choice of each line. What depends on the word (乾, 著) takes the commonest reading.</remarks>
internal static class TraditionalCharacters
{
    /// <summary>The pairs.</summary>
    public static IReadOnlyList<(char Traditional, char Simplified)> Pairs { get; } = Read();

    private static List<(char, char)> Read()
    {
        using var stream = typeof(TraditionalCharacters).Assembly.GetManifestResourceStream("traditional.txt")!;
        using var reader = new StreamReader(stream);
        var pairs = new List<(char, char)>();
        while (reader.ReadLine() is { } line)
            for (var at = 0; line is not ['#', ..] && at + 1 < line.Length; at += 2) pairs.Add((line[at], line[at + 1]));
        return pairs;
    }
}
