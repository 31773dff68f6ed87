using CustomerValue.Ingestion;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Features;

/// <summary>Writes customers' histories as sentences: facts at the cutoff, then what happened, the newest first.</summary>
/// <remarks>
/// A sentence begins with the days since the last event and since the last order, the age, the number of orders and what was spent; so what is cut off at the far end still counts.
/// An event is its kind, what it holds and the days from the event before it. Newest first, so that a place in the sentence means the same for everyone: the last event, the
/// one before it. Days, counts and amounts are tokens too, of sizes that grow with the number.
/// </remarks>
public sealed class FittedEventLanguage
{
    private const double DaysAnOctave = 3, CountsAnOctave = 2;
    private const int MostDays = 40, MostCount = 20;
    private static readonly string[] s_kinds = ["<order>", "<return>", "<visit>", "<review>", "<chat>", "<contact>", "<answered>", "<bought>", "<other>"];

    private readonly EventLanguageOptions _options;
    private readonly WordPieceTokenizer _pieces;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly double[] _amounts, _totals;

    /// <param name="options">How histories are written.</param>
    /// <param name="pieces">Pieces of words; those that are no words first.</param>
    /// <param name="text">How texts become words.</param>
    /// <param name="amounts">Ascending: where orders of one size end and those of the next begin.</param>
    /// <param name="totals">Ascending: the same of what customers spent so far.</param>
    /// <param name="categories">Those with a word of their own.</param>
    /// <param name="treatments">Those with a word of their own.</param>
    internal FittedEventLanguage(EventLanguageOptions options, IReadOnlyList<string> pieces, BertTextOptions? text, double[] amounts, double[] totals, string[] categories, string[] treatments)
    {
        (_options, _amounts, _totals, Categories, Treatments) = (options, amounts, totals, categories, treatments);
        _pieces = new(pieces, Special, text);
        string[] words =
        [
            .. s_kinds, .. Numbered("since", MostDays), .. Numbered("idle", MostDays), .. Numbered("age", MostDays), .. Numbered("gap", MostDays), .. Numbered("orders", MostCount), .. Numbered("lines", MostCount),
            .. Numbered("views", MostCount), .. Numbered("carts", MostCount), .. Numbered("searches", MostCount), .. Numbered("stars", 5), .. Numbered("amount", amounts.Length), .. Numbered("spent", totals.Length),
            .. categories.Select(c => $"<category {c}>"), .. treatments.Select(t => $"<sent {t}>"),
        ];
        Vocabulary = [.. _pieces.Vocabulary, .. words];
        for (var word = 0; word < words.Length; word++) _ids.Add(words[word], _pieces.Vocabulary.Count + word);

        static IEnumerable<string> Numbered(string name, int most) => Enumerable.Range(0, most + 1).Select(n => Named(name, n));
    }

    internal EventLanguageOptions Options => _options;

    internal IReadOnlyList<string> Pieces => _pieces.Vocabulary;

    internal BertTextOptions Text => _pieces.TextOptions;

    internal IReadOnlyList<double> Amounts => _amounts;

    internal IReadOnlyList<double> Totals => _totals;

    internal IReadOnlyList<string> Categories { get; }

    internal IReadOnlyList<string> Treatments { get; }

    /// <summary>All tokens, pieces of words first; a token's place is its id.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>The tokens that are no words.</summary>
    public SpecialTokens Special { get; } = new(Pad: 0, Unknown: 1, Start: 2, End: 3, Mask: 4);

    /// <summary>A history as a sentence.</summary>
    /// <param name="history">What was known of the customer before the cutoff.</param>
    /// <param name="cutoff">First day that isn't history.</param>
    public EventSentence Write(CustomerHistory history, DateOnly cutoff)
    {
        var events = Events(history).OrderByDescending(e => e.At).ThenBy(e => e.Rank).ToArray();
        var (ids, starts) = (new List<int>(), new List<bool>());
        foreach (var fact in Facts(history, events, cutoff))
        {
            ids.Add(fact);
            starts.Add(true);
        }
        for (var e = 0; e < events.Length; e++)
        {
            var days = e + 1 < events.Length ? Days(events[e + 1].At, events[e].At) : 0;
            // The gap stands behind its event, so that hidden events hide it too.
            var tokens = days > 0 ? [.. events[e].Tokens, Id("gap", Size(days, DaysAnOctave, MostDays))] : events[e].Tokens;
            if (ids.Count + tokens.Count > _options.MaxTokens) break;
            ids.AddRange(tokens);
            starts.Add(true);
            starts.AddRange(Enumerable.Repeat(false, tokens.Count - 1));
        }
        return new([.. ids], [.. starts]);
    }

    /// <summary>A sentence as a reader sees it.</summary>
    public string Spell(EventSentence sentence) => string.Join(' ', sentence.Ids.Select(id => Vocabulary[id]));

    /// <summary>Orders and returns: all lines of one number, that are of one kind, on one day.</summary>
    internal static IEnumerable<(DateTime At, bool IsReturn, double Amount, IReadOnlyList<Purchase> Lines)> Orders(CustomerHistory history) =>
        from line in history.Purchases
        group line by (line.OrderId, line.IsReturn, line.At.Date) into order
        select (order.Max(l => l.At), order.Key.IsReturn, (double)Math.Abs(order.Sum(l => l.Amount.Amount)), (IReadOnlyList<Purchase>)[.. order]);

    /// <summary>What a customer spent so far, returns taken off.</summary>
    internal static double Total(CustomerHistory history) => (double)history.Purchases.Sum(l => l.Amount.Amount);

    private IEnumerable<int> Facts(CustomerHistory history, Event[] events, DateOnly cutoff)
    {
        var now = cutoff.ToDateTime(TimeOnly.MinValue);
        var orders = Orders(history).Where(o => !o.IsReturn).Select(o => o.At).ToArray();
        if (events.Length > 0) yield return Id("since", Size(Days(events[0].At, now), DaysAnOctave, MostDays));
        if (orders.Length > 0) yield return Id("idle", Size(Days(orders.Max(), now), DaysAnOctave, MostDays));
        if (events.Length > 0) yield return Id("age", Size(Days(events[^1].At, now), DaysAnOctave, MostDays));
        yield return Id("orders", Size(orders.Length, CountsAnOctave, MostCount));
        yield return Id("spent", Bucket(_totals, Total(history)));
    }

    private IEnumerable<Event> Events(CustomerHistory history)
    {
        foreach (var (at, isReturn, amount, lines) in Orders(history))
            yield return new(at, 0, [_ids[isReturn ? "<return>" : "<order>"], Id("amount", Bucket(_amounts, amount)), Id("lines", Size(lines.Count, CountsAnOctave, MostCount)), .. Content(lines).Take(_options.OrderTokens)]);
        foreach (var visit in history.Browsing.GroupBy(b => b.SessionId.Length > 0 ? b.SessionId : $"{b.At:yyyyMMdd}", StringComparer.Ordinal)) yield return Visit([.. visit]);
        foreach (var review in history.Reviews)
            yield return new(review.At, 2, [_ids["<review>"], Id("stars", Math.Clamp(review.Stars, 0, 5)), .. Words(review.Text).Take(_options.TextTokens)]);
        foreach (var chat in history.Dialogues.GroupBy(d => d.DialogueId, StringComparer.Ordinal))
            yield return new(chat.Max(d => d.At), 3, [_ids["<chat>"], .. Words(string.Join(' ', chat.Where(d => d.Speaker == "customer").OrderBy(d => d.Turn).Select(d => d.Text))).Take(_options.TextTokens)]);
        foreach (var contact in history.Contacts)
            yield return new(contact.At, 4, contact.RespondedAt is null ? [_ids["<contact>"], Sent(contact)] : [_ids["<contact>"], Sent(contact), _ids["<answered>"]]);
    }

    private Event Visit(IReadOnlyList<BrowsingEvent> events)
    {
        var tokens = new List<int> { _ids["<visit>"] };
        foreach (var (kind, name) in new[] { ("view", "views"), ("cart", "carts"), ("search", "searches") })
            if (events.Count(e => e.Kind == kind) is > 0 and var count) tokens.Add(Id(name, Size(count, CountsAnOctave, MostCount)));
        if (events.Any(e => e.Kind == "purchase")) tokens.Add(_ids["<bought>"]);
        tokens.AddRange(events.Select(e => e.Query).Where(q => q.Length > 0).Distinct(StringComparer.Ordinal).SelectMany(Words).Take(_options.TextTokens));
        return new(events.Max(e => e.At), 1, tokens);
    }

    // The dearest lines first: of a long order they say most of what it was for.
    private IEnumerable<int> Content(IReadOnlyList<Purchase> lines)
    {
        var last = "";
        foreach (var line in lines.OrderByDescending(l => Math.Abs(l.Amount.Amount)).ThenBy(l => l.ProductId, StringComparer.Ordinal))
        {
            if (line.Category.Length > 0 && line.Category != last) yield return _ids.TryGetValue($"<category {line.Category}>", out var category) ? category : _ids["<other>"];
            last = line.Category;
            foreach (var piece in Words(line.Description)) yield return piece;
        }
    }

    private int Sent(CampaignContact contact) => _ids.TryGetValue($"<sent {contact.Treatment}>", out var sent) ? sent : _ids["<other>"];

    private int[] Words(string text) => string.IsNullOrWhiteSpace(text) ? [] : _pieces.EncodePlain(text);

    private int Id(string name, int number) => _ids[Named(name, number)];

    private static string Named(string name, int number) => FormattableString.Invariant($"<{name} {number}>");

    private static double Days(DateTime from, DateTime to) => Math.Floor((to - from).TotalDays);

    // Each doubling of 1 + number takes so many steps.
    private static int Size(double number, double anOctave, int most) => (int)Math.Min(most, Math.Round(anOctave * Math.Log2(1 + Math.Max(0, number))));

    private static int Bucket(double[] borders, double amount)
    {
        var place = Array.BinarySearch(borders, amount);
        if (place < 0) return ~place;
        while (place > 0 && borders[place - 1] == amount) place--;      // borders may repeat: an amount has one bucket
        return place;
    }

    private sealed record Event(DateTime At, int Rank, IReadOnlyList<int> Tokens);
}
