using System.Globalization;
using System.Text;
using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;

namespace CustomerValue.Simulation.Texts;

/// <summary>A text and what it says, as a careful reader would mark it: not what its writer feels.</summary>
/// <param name="Text">The text; of a chat the customer's own turns, one a line.</param>
/// <param name="Kind">review, dialogue, or statement: a sentence or two about one thing.</param>
/// <param name="Writer">Number of who wrote it, from 1.</param>
/// <param name="Sentiment">1 (very negative) to 5 (very positive), over all that is judged.</param>
/// <param name="Mood">poor, none or good.</param>
/// <param name="Loyalty">low, none or high.</param>
/// <param name="Intent">leave, open, restock, or none where nothing is said of it.</param>
/// <param name="Complaint">What is blamed most, or what a chat asks for: quality, delivery, packing, price, service, refund, question, account, or none.</param>
/// <param name="Ended">Whether the customer says that a chat's question was solved, is open, or nothing of it (none).</param>
/// <param name="Words">Of a statement: the pole of its words alone, good or poor; empty where it has both equally, and for other kinds.</param>
/// <param name="Frame">Of a statement: whether its frame says what the words say (straight) or the opposite (turned); empty likewise.</param>
public sealed record AnnotatedText(
    string Text, string Kind, int Writer, int Sentiment, string Mood, string Loyalty, string Intent, string Complaint, string Ended, string Words, string Frame);

/// <summary>Texts in the language of the simulated shop, with what they say, to teach an encoder by. No shop is simulated for it, so no shop's truth is in it: feelings of all kinds are
/// drawn, each as likely as its opposite and independent of one another, and put into words by the writers of the shop.</summary>
public static class TextCorpus
{
    /// <summary>The columns of the file.</summary>
    public const string Header = "text,kind,writer,sentiment,mood,loyalty,intent,complaint,ended,words,frame";

    /// <summary>The kinds of texts.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["statement", "review", "dialogue"];

    private const int MostTexts = 6;                                     // of one writer
    private static readonly string[] s_beside = ["opener", "talk", "offtopic", "detail", "hello", "thanks"];
    private static readonly double[] s_kinds = [0.35, 0.4, 0.25];        // statement, review, dialogue

    /// <summary>Annotated texts without end, the same for the same seed.</summary>
    /// <param name="seed">Seed of everything drawn; take another one than the shop's that the texts help to read.</param>
    public static IEnumerable<AnnotatedText> Of(long seed)
    {
        var process = new ShopProcess();
        for (var writer = 1; ; writer++)
        {
            var chance = new RandomStream(seed, writer, Purpose.Texts);
            var voice = Voice.Draw(process.LanguageShares, chance);
            for (var left = 1 + chance.Below(MostTexts); left > 0; left--) yield return Text(writer, voice, chance);
        }
    }

    /// <summary>Writes <paramref name="texts"/> of them as CSV (UTF-8), whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="texts">How many.</param>
    /// <param name="seed">Seed of everything drawn.</param>
    /// <param name="only">The one kind of texts to write; null for all.</param>
    /// <param name="progress">Told how many are written.</param>
    /// <param name="cancellation">Stops between two texts.</param>
    /// <returns>Writers of the texts.</returns>
    public static int Write(string path, int texts, long seed, string? only = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        Check.Within(texts, 1, 100_000_000);
        if (only is not null && !Kinds.Contains(only)) throw new ArgumentException($"'{only}' is no kind of text. There are: {string.Join(", ", Kinds)}.", nameof(only));
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var (written, writers) = (0, 0);
        try
        {
            using (var file = new StreamWriter(path + ".partial", false, new UTF8Encoding(false)) { NewLine = "\n" })
            {
                file.WriteLine(Header);
                foreach (var t in Of(seed).Where(t => only is null || t.Kind == only).Take(texts))
                {
                    if (written++ % 10_000 == 0)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        progress?.Report(new("writing texts", written - 1, texts, "texts"));
                    }
                    file.Write('"');
                    file.Write(t.Text.Replace("\"", "\"\"", StringComparison.Ordinal));
                    file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\",{t.Kind},{t.Writer},{t.Sentiment},{t.Mood},{t.Loyalty},{t.Intent},{t.Complaint},{t.Ended},{t.Words},{t.Frame}"));
                    writers = t.Writer;
                }
            }
            progress?.Report(new("writing texts", texts, texts, "texts"));
            File.Move(path + ".partial", path, overwrite: true);
            return writers;
        }
        finally
        {
            File.Delete(path + ".partial");
        }
    }

    private static AnnotatedText Text(int writer, Voice voice, RandomStream chance)
    {
        var products = ProductCatalogue.Shop.Products;
        var product = products[chance.Below(products.Count)];
        var feeling = new Feeling(chance.Normal(), chance.Normal(), (Intent)chance.Below(3), 1.1 * chance.Normal());
        var said = new Said();
        var kind = chance.Weighted(s_kinds);
        var sense = 0;
        var text = kind switch
        {
            0 => Statement(voice, product, said, chance, out sense),
            1 => ReviewWriter.Write(feeling, voice, product, chance, said),
            _ => Chat(feeling, voice, product, said, chance),
        };
        return new(text, Kinds[kind], writer, said.Sentiment,
            said.Mood switch { 1 => "good", -1 => "poor", _ => "none" }, said.Loyalty switch { 1 => "high", -1 => "low", _ => "none" },
            said.Intent switch { Intent.Restock => "restock", Intent.Leave => "leave", Intent.Open => "open", _ => "none" },
            said.Complaint, said.Solved switch { true => "solved", false => "open", _ => "none" },
            kind > 0 || said.Straight is not { } straight ? "" : straight == sense > 0 ? "good" : "poor", kind > 0 ? "" : said.Straight switch { true => "straight", false => "turned", _ => "" });
    }

    private static string Statement(Voice voice, Product product, Said said, RandomStream chance, out int sense)
    {
        var text = new Composition(voice, product, chance, said);
        sense = 0;
        var kind = chance.Uniform();
        if (kind < 0.12)                                                 // what a chat asks
        {
            said.Reason = (ChatReason)chance.Below(6);
            return text.Say(ChatWriter.Symbol(said.Reason.Value)).Close();
        }
        if (kind < 0.2) return text.Say(s_beside[chance.Below(s_beside.Length)]).Close();
        var topic = (Topic)chance.Below((int)Topic.Intent + 1);
        sense = topic == Topic.Outcome ? 2 * chance.Below(2) - 1 : chance.Chance(0.15) ? 0 : 2 * chance.Below(2) - 1;
        return text.Say(topic, sense, strong: chance.Chance(0.3)).Close();
    }

    private static string Chat(Feeling feeling, Voice voice, Product product, Said said, RandomStream chance)
    {
        var solved = chance.Chance(0.5);
        var after = feeling with { Mood = feeling.Mood + (solved ? Experience.Solved : Experience.Unsolved) / 2 };
        return string.Join('\n', ChatWriter.Write((ChatReason)chance.Below(6), after, solved, voice, product, chance, said).Where(l => l.ByCustomer).Select(l => l.Text));
    }
}
