using System.Globalization;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Features;

/// <summary>How customers' histories are written.</summary>
public sealed record EventLanguageOptions
{
    /// <summary>Longest history, in tokens; the oldest events are left out where it doesn't fit.</summary>
    public int MaxTokens { get; init => field = Check.Within(value, 16, 100_000); } = 160;

    /// <summary>Pieces of words that names and texts are spelled with, single characters included.</summary>
    public int Pieces { get; init => field = Check.Within(value, 16, 1_000_000); } = 1200;

    /// <summary>Sizes that amounts fall into, as many orders in each.</summary>
    public int Amounts { get; init => field = Check.Within(value, 2, 1000); } = 16;

    /// <summary>Categories and treatments, each, with a word of their own: the commonest.</summary>
    public int Names { get; init => field = Check.Within(value, 1, 10_000); } = 48;

    /// <summary>Most tokens of what an order holds: categories, and words of product names.</summary>
    public int OrderTokens { get; init => field = Check.Within(value, 0, 1000); } = 10;

    /// <summary>Most tokens of a review, a chat or what was searched for.</summary>
    public int TextTokens { get; init => field = Check.Within(value, 0, 1000); } = 16;

    /// <summary>All of it, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["max_tokens"] = Text(MaxTokens), ["pieces"] = Text(Pieces), ["amounts"] = Text(Amounts), ["names"] = Text(Names), ["order_tokens"] = Text(OrderTokens), ["text_tokens"] = Text(TextTokens),
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A history as a sentence.</summary>
/// <param name="Ids">[tokens]: what is known of the customer at the cutoff, then events, the newest first; nothing around them.</param>
/// <param name="Events">[tokens]: whether an event, or a fact of the beginning, begins there; the first token always does.</param>
public sealed record EventSentence(int[] Ids, bool[] Events);

/// <summary>Learns to write customers' histories as sentences: which amounts are large, which categories and offers there are, which pieces names and texts are made of.</summary>
/// <param name="options">How they are written.</param>
public sealed class EventLanguage(EventLanguageOptions? options = null)
{
    private readonly EventLanguageOptions _options = options ?? new();

    /// <summary>Learns from histories.</summary>
    /// <param name="histories">What was known of the customers to learn from.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no order among them.</exception>
    public FittedEventLanguage Fit(IReadOnlyList<CustomerHistory> histories, CancellationToken cancellation = default)
    {
        var orders = histories.SelectMany(h => FittedEventLanguage.Orders(h).Where(o => !o.IsReturn).Select(o => o.Amount)).Order().ToArray();
        if (orders.Length == 0) throw new ArgumentException("A language of histories is learned from customers with orders, and there are none.", nameof(histories));
        var totals = histories.Select(FittedEventLanguage.Total).Order().ToArray();
        var lines = histories.SelectMany(h => h.Purchases).ToArray();
        // What is named often counts once: the pieces shall spell all names, not the best seller's alone.
        var texts = lines.Select(l => l.Description).Concat(histories.SelectMany(h => h.Browsing.Select(b => b.Query))).Distinct(StringComparer.Ordinal)
            .Concat(histories.SelectMany(h => h.Reviews.Select(r => r.Text).Concat(h.Dialogues.Where(d => d.Speaker == "customer").Select(d => d.Text)))).Where(t => !string.IsNullOrWhiteSpace(t)).ToArray();
        var pieces = texts.Length == 0 ? null : new WordPieceTrainer(new() { Size = _options.Pieces }).Train(texts, cancellation: cancellation);
        return new(_options, pieces?.Tokens ?? new WordPieceTrainerOptions().Special, pieces?.Text, Quantiles(orders), Quantiles(totals), Commonest(lines.Select(l => l.Category)), Commonest(histories.SelectMany(h => h.Contacts.Select(c => c.Treatment))));
    }

    private double[] Quantiles(double[] sorted) => [.. Enumerable.Range(1, _options.Amounts - 1).Select(q => sorted[(int)((long)q * sorted.Length / _options.Amounts)])];

    private string[] Commonest(IEnumerable<string> names) =>
        [.. names.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(_options.Names).Select(g => g.Key)];
}
