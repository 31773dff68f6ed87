using System.CommandLine;
using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Text;
using CustomerValue.Text.Embeddings;
using Spectre.Console;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A topic as the command prints it.</summary>
/// <param name="Head">The head whose label it is; cluster where vectors were grouped.</param>
/// <param name="Topic">Its name.</param>
/// <param name="Texts">Texts of it.</param>
/// <param name="Customers">Customers who wrote them.</param>
/// <param name="ShareOfCustomers">Those, by all customers who wrote.</param>
/// <param name="Phrases">What its texts say more than the others.</param>
/// <param name="Examples">Texts that are surely of it.</param>
internal sealed record ToldTopic(string Head, string Topic, int Texts, int Customers, double ShareOfCustomers, IReadOnlyList<string> Phrases, IReadOnlyList<string> Examples);

/// <summary>What customers write about, and why, in their own words.</summary>
internal static class TopicsCommand
{
    private static readonly Option<string> s_data = new("--data") { Description = "The shop's raw records: reviews and chats.", Required = true, HelpName = "FOLDER" };
    private static readonly Option<string?> s_map = new("--map") { Description = "Mapping file of the records (default: mapping.yaml in their folder, or the usual names).", HelpName = "FILE" };
    private static readonly Option<string> s_encoder = new("--encoder") { Description = "The text model that reads them: its heads' labels are the topics; of one without heads, groups of like vectors.", Required = true, HelpName = "FOLDER" };
    private static readonly Option<string[]> s_head = new("--head") { Description = "Only this head's labels; may be given several times. 'cluster' groups like vectors instead.", HelpName = "NAME" };
    private static readonly Option<int> s_clusters = new("--clusters") { Description = "How many groups of like vectors.", DefaultValueFactory = _ => 8 };
    private static readonly Option<DateOnly?> s_at = new("--at") { Description = "Nothing dated on or after this day is read, yyyy-MM-dd; without it all is." };
    private static readonly Option<string> s_cache = new("--cache") { Description = "Folder that keeps what the model said of each text.", DefaultValueFactory = _ => "artifacts/embeddings", HelpName = "FOLDER" };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    private const string Cluster = "cluster";
    private const int Shown = 110;

    public static Command Create() => new Command("topics",
        """
        Show what customers write about: for every label of the encoder's heads (topics, reasons, moods), the share of the customers who wrote, the phrases that stand out, and example texts.

        Example: customervalue text topics --data data-samples/shop --encoder artifacts/models/reviews --head topic --at 2024-07-01
        """)
    {
        s_data, s_map, s_encoder, s_head, s_clusters, s_at, s_cache, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Tell(parsed, terminal, cancellation), CancellationToken.None));

    private static List<ToldTopic> Tell(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_clusters) is var clusters && clusters is < 1 or > 1000) throw new UsageException($"--clusters {clusters}: give a number from 1 to 1000.");
        TextThreads.Use(parsed.GetValue(s_threads));
        var source = Encoders.Source(parsed.GetValue(s_encoder)!);
        var questions = Questions(source.Heads, parsed.GetValue(s_head) ?? []);
        var cutoff = parsed.GetValue(s_at) ?? DateOnly.MaxValue;
        var texts = Read(parsed, cutoff, terminal, cancellation);
        if (texts.Count == 0) throw new UsageException($"{parsed.GetValue(s_data)} has no review or chat to read{(cutoff == DateOnly.MaxValue ? "" : Terminal.Text($" before {cutoff:yyyy-MM-dd}"))}.");

        using var encoder = source.Open(() => texts, cutoff, parsed.GetValue(s_cache)!, parsed.GetValue(s_threads), terminal, cancellation);
        using var cache = EncodingCache.Open(parsed.GetValue(s_cache)!, encoder);
        cache.Encode(texts.Select(t => t.Text), terminal, cancellation);
        var rows = texts.Select(t => { var row = new float[cache.Width]; cache.Get(t.Text, row); return row; }).ToArray();
        var told = new List<ToldTopic>();
        foreach (var head in questions)
        {
            var topics = TextTopics.Of(head is null ? Grouped(texts, rows, source.Width, clusters, cancellation) : Labelled(texts, rows, source, head), progress: terminal, cancellation: cancellation);
            told.AddRange(topics.Select(t => new ToldTopic(head?.Name ?? Cluster, t.Topic, t.Texts, t.Customers, t.ShareOfCustomers, [.. t.Phrases.Select(p => p.Term)], t.Examples)));
            Show(head?.Name ?? Cluster, topics, terminal);
        }
        return told;
    }

    // Null stands for groups of vectors.
    private static IReadOnlyList<TextHead?> Questions(IReadOnlyList<TextHead> heads, string[] asked)
    {
        TextHead[] labelled = [.. heads.Where(h => h.Kind == HeadKind.Classification)];
        if (asked.FirstOrDefault(name => name != Cluster && Array.TrueForAll(labelled, h => h.Name != name)) is { } unknown)
            throw new UsageException($"The encoder has no head '{unknown}' with labels. It has: {string.Join(", ", [.. labelled.Select(h => h.Name), Cluster])}.");
        if (asked.Length > 0) return [.. asked.Select(name => Array.Find(labelled, h => h.Name == name))];
        return labelled.Length > 0 ? [.. labelled] : [null];
    }

    private static IReadOnlyList<ShopText> Read(ParseResult parsed, DateOnly cutoff, Terminal terminal, CancellationToken cancellation)
    {
        var (reviews, turns) = (new List<Review>(), new List<DialogueTurn>());
        using var log = new ReadLog();
        foreach (var batch in Dataset.Open(parsed.GetValue(s_data)!, parsed.GetValue(s_map)).Read(Pseudonyms.Published, log, terminal, cancellation))
            switch (batch)
            {
                case RecordBatch<Review> some: reviews.AddRange(some.Records); break;
                case RecordBatch<DialogueTurn> some: turns.AddRange(some.Records); break;
            }
        // Labels aren't asked for: they would need windows after each text, which end somewhere.
        return [.. new ShopTextLabels(cutoff) { IntentDays = 1, LoyaltyDays = 1 }.Of(reviews, turns, [])];
    }

    private static IReadOnlyList<TopicText> Labelled(IReadOnlyList<ShopText> texts, float[][] rows, ITextEncoderSource source, TextHead head)
    {
        var first = source.Width + source.Heads.TakeWhile(h => h.Name != head.Name).Sum(EncodingCache.Answers);
        return TextTopics.Labelled([.. texts.Select(t => (t.CustomerId, t.Text))], head, [.. rows.Select(row => row[first..(first + head.Labels.Count)])]);
    }

    private static TopicText[] Grouped(IReadOnlyList<ShopText> texts, float[][] rows, int width, int clusters, CancellationToken cancellation)
    {
        var (cluster, cosine) = VectorClusters.Of([.. rows.Select(row => row[..width])], clusters, cancellation: cancellation);
        return [.. texts.Select((text, t) => new TopicText(text.CustomerId, text.Text, (cluster[t] + 1).ToString(CultureInfo.InvariantCulture), cosine[t]))];
    }

    private static void Show(string head, IReadOnlyList<TextTopic> topics, Terminal terminal)
    {
        terminal.Line();
        var table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(head)).AddColumn(new TableColumn("customers").RightAligned()).AddColumns("says more than the others", "for example");
        foreach (var topic in topics)
            table.AddRow(new Cell(topic.Topic), new Cell(Terminal.Text($"{100 * topic.ShareOfCustomers:0.0} %")), new Cell(string.Join(", ", topic.Phrases.Select(p => p.Term))), new Cell(string.Join('\n', topic.Examples.Select(Short))));
        terminal.Show(table);
    }

    private static string Short(string text) => text.ReplaceLineEndings(" / ") is var line && line.Length <= Shown ? line : $"{line[..Shown]}…";
}
