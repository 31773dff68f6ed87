namespace CustomerValue.Text;

/// <summary>A text, who wrote it, and what it is taken to be about.</summary>
/// <param name="CustomerId">Who wrote it.</param>
/// <param name="Text">The words.</param>
/// <param name="Topic">The topic, by an encoder's head or by the cluster of its vector.</param>
/// <param name="Sureness">How sure that is, for choosing examples: the surest are shown.</param>
public sealed record TopicText(string CustomerId, string Text, string Topic, double Sureness);

/// <summary>What a topic is, in the customers' own words.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Texts">Texts of it.</param>
/// <param name="Customers">Customers who wrote at least one of them.</param>
/// <param name="ShareOfCustomers">Those, by all customers who wrote.</param>
/// <param name="Phrases">What its texts say more than the others, the most telling first.</param>
/// <param name="Examples">Texts that are surely of it, each of another customer.</param>
public sealed record TextTopic(string Topic, int Texts, int Customers, double ShareOfCustomers, IReadOnlyList<Keyword> Phrases, IReadOnlyList<string> Examples);

/// <summary>How topics are told.</summary>
public sealed record TopicOptions
{
    /// <summary>Phrases of a topic.</summary>
    public int Phrases { get; init => field = Check.Within(value, 0, 1000); } = 8;

    /// <summary>Example texts of a topic.</summary>
    public int Examples { get; init => field = Check.Within(value, 0, 100); } = 3;

    /// <summary>Longer texts are no examples, in characters, while there are shorter ones.</summary>
    public int LongestExample { get; init => field = Check.Within(value, 1, 100_000); } = 160;

    /// <summary>Phrases that stand out by less are chance: z of the log-odds.</summary>
    public double LeastZ { get; init => field = Check.Within(value, 0, 1000); } = 2;

    /// <summary>How words are contrasted.</summary>
    public KeywordOptions Keywords { get; init; } = new() { LeastCount = 5, LeastTexts = 3 };
}

/// <summary>Names topics and reasons by the phrases that stand out in their texts, with examples: a label, or a cluster's number, alone tells nobody what customers mean.</summary>
public static class TextTopics
{
    /// <summary>The topics, those of most customers first.</summary>
    /// <param name="texts">Texts with their topics; a text that was written twice by a customer counts twice.</param>
    /// <param name="options">How they are told; null for the defaults.</param>
    /// <param name="progress">Told how many topics are done.</param>
    /// <param name="cancellation">Ends it between two topics.</param>
    public static IReadOnlyList<TextTopic> Of(IReadOnlyList<TopicText> texts, TopicOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var normalizer = new TextNormalizer();
        string[] plain = [.. texts.Select(t => normalizer.Normalize(t.Text))];
        var words = plain.Select(text => { var spans = new List<WordSpan>(); WordSegmenter.Segment(text, spans); return spans; }).ToArray();
        var writers = texts.Select(t => t.CustomerId).Distinct(StringComparer.Ordinal).Count();
        string[] names = [.. texts.Select(t => t.Topic).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var topics = new List<TextTopic>();
        foreach (var name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new("topics", topics.Count, names.Length, "topics"));
            var contrast = new KeywordContrast(options.Keywords);
            for (var t = 0; t < texts.Count; t++) contrast.Add(plain[t], words[t], texts[t].Topic == name);
            TopicText[] mine = [.. texts.Where(t => t.Topic == name)];
            var customers = mine.Select(t => t.CustomerId).Distinct(StringComparer.Ordinal).Count();
            topics.Add(new(name, mine.Length, customers, (double)customers / writers, [.. contrast.Keywords().Where(k => k.Z >= options.LeastZ).Take(options.Phrases)], Examples(mine, options)));
        }
        if (names.Length > 0) progress?.Report(new("topics", names.Length, names.Length, "topics"));
        return [.. topics.OrderByDescending(t => t.Customers).ThenByDescending(t => t.Texts).ThenBy(t => t.Topic, StringComparer.Ordinal)];
    }

    /// <summary>Texts with the label that an encoder's head finds likeliest, and how sure it is.</summary>
    /// <param name="texts">Writer and text.</param>
    /// <param name="head">A head that tells classes.</param>
    /// <param name="answers">[texts][labels]: what it said of each.</param>
    /// <exception cref="ArgumentException">There aren't as many answers as texts, or probabilities as labels.</exception>
    public static IReadOnlyList<TopicText> Labelled(IReadOnlyList<(string CustomerId, string Text)> texts, TextHead head, IReadOnlyList<float[]> answers)
    {
        Check.SameLength(texts.Count, answers.Count, nameof(answers));
        return [.. texts.Zip(answers, (text, answer) =>
        {
            Check.SameLength(head.Labels.Count, answer.Length, nameof(answers));
            var best = Array.IndexOf(answer, answer.Max());
            return new TopicText(text.CustomerId, text.Text, head.Labels[best], answer[best]);
        })];
    }

    private static IReadOnlyList<string> Examples(TopicText[] texts, TopicOptions options) =>
    [
        .. texts.OrderBy(t => t.Text.Length > options.LongestExample).ThenByDescending(t => t.Sureness).ThenBy(t => t.Text, StringComparer.Ordinal).ThenBy(t => t.CustomerId, StringComparer.Ordinal)
            .DistinctBy(t => t.CustomerId, StringComparer.Ordinal).DistinctBy(t => t.Text, StringComparer.Ordinal).Take(options.Examples).Select(t => t.Text),
    ];
}
