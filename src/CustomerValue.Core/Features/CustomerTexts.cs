namespace CustomerValue.Features;

/// <summary>One text of a customer as the network is told of it.</summary>
/// <param name="Text">A review, or the customer's own turns of a chat.</param>
/// <param name="AgeDays">Days from it to the cutoff.</param>
/// <param name="Place">0 for the customer's newest text, 1 for the one before it.</param>
/// <param name="IsReview">Whether it is a review; a chat otherwise.</param>
/// <param name="Stars">1 to 5 given with it; 0 for none.</param>
public sealed record ReadText(string Text, double AgeDays, int Place, bool IsReview, int Stars)
{
    /// <summary>Numbers beside a text's vector: how long ago, how many others are newer, and what kind it is.</summary>
    public const int Facts = 5;

    /// <summary>[Facts]: log age about that of two months, nearness (1 today, 0 after long), the newest first (1, 1/2, 1/3), review, stars.</summary>
    public float[] Told() => [(float)(Math.Log(1 + AgeDays) - 4), (float)Math.Exp(-AgeDays / 30), 1f / (1 + Place), IsReview ? 1 : 0, Stars / 5f];

    /// <summary>The last texts of a customer, newest first.</summary>
    /// <param name="history">What was known of the customer before the cutoff.</param>
    /// <param name="cutoff">First day that isn't history.</param>
    /// <param name="most">Most texts; older ones are left out.</param>
    public static ReadText[] Of(CustomerHistory history, DateOnly cutoff, int most)
    {
        var now = cutoff.ToDateTime(TimeOnly.MinValue);
        var chats = history.Dialogues.Where(d => d.Speaker == "customer" && !string.IsNullOrWhiteSpace(d.Text)).GroupBy(d => d.DialogueId, StringComparer.Ordinal)
            .Select(c => (At: c.Max(d => d.At), Text: string.Join('\n', c.OrderBy(d => d.Turn).Select(d => d.Text.Trim())), IsReview: false, Stars: 0));
        return
        [
            .. history.Reviews.Where(r => !string.IsNullOrWhiteSpace(r.Text)).Select(r => (r.At, r.Text, IsReview: true, Stars: Math.Clamp(r.Stars, 0, 5))).Concat(chats)
                .OrderByDescending(t => t.At).ThenBy(t => t.Text, StringComparer.Ordinal).Take(most).Select((t, place) => new ReadText(t.Text, (now - t.At).TotalDays, place, t.IsReview, t.Stars)),
        ];
    }
}

/// <summary>A customer as the network reads one.</summary>
/// <param name="Texts">[texts]: numbers of the texts among all that were read, newest first.</param>
/// <param name="Told">[texts][Facts].</param>
/// <param name="Features">[F]: scaled features.</param>
public sealed record TextRow(int[] Texts, float[][] Told, float[] Features);

/// <summary>The texts of many customers, each text once.</summary>
public sealed class TextRows
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The texts, in order of number.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The rows of a table.</summary>
    /// <param name="table">Customers, with their records.</param>
    /// <param name="scaling">Of the features.</param>
    /// <param name="most">Most texts of a customer.</param>
    /// <param name="reader">Who asks, for the message.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public TextRow[] Of(FeatureTable table, FittedScaling scaling, int most, string reader, CancellationToken cancellation)
    {
        var features = scaling.Transform(table);                                            // [F][rows]
        return [.. CustomerHistories.Of(table, reader, cancellation).Select((history, row) =>
        {
            var texts = ReadText.Of(history, table.Cutoff, most);
            return new TextRow([.. texts.Select(t => Number(t.Text))], [.. texts.Select(t => t.Told())], [.. features.Select(f => (float)f[row])]);
        })];
    }

    private int Number(string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            _numbers.Add(text, number = _texts.Count);
            _texts.Add(text);
        }
        return number;
    }
}
