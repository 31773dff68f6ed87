using System.CommandLine;
using System.Globalization;
using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What labelling by a shop's own records gave.</summary>
/// <param name="Texts">Texts before the cutoff.</param>
/// <param name="Sentiment">Those with a sentiment: 4 or 5 stars, or 1 or 2.</param>
/// <param name="Intent">Those whose writer is known to have ordered soon after, or not.</param>
/// <param name="Loyalty">Those whose writer is known to have gone on buying, or not.</param>
/// <param name="Rejected">Records that couldn't be read.</param>
/// <param name="Output">Where the table is.</param>
internal sealed record ShopLabels(int Texts, int Sentiment, int Intent, int Loyalty, long Rejected, string Output);

/// <summary>Labels that nobody has to give: what a shop's records say of its texts, as a file to fine-tune on.</summary>
internal static class ShopLabelsCommand
{
    private static readonly Option<string> s_records = new("--records") { Description = "The shop's raw records: reviews, chats, purchases.", Required = true, HelpName = "FOLDER" };
    private static readonly Option<string?> s_map = new("--map") { Description = "Mapping file of the records (default: mapping.yaml in their folder, or the usual names).", HelpName = "FILE" };
    private static readonly Option<DateOnly> s_at = new("--at") { Description = "The cutoff, yyyy-MM-dd: nothing dated on or after it is read, and a label stands only where its whole window ends by then.", Required = true };
    private static readonly Option<string> s_output = new("--output") { Description = "The Parquet file to write.", Required = true, HelpName = "FILE" };
    private static readonly Option<int> s_intent = new("--intent-days") { Description = "Days after a text in which an order counts as intent met.", DefaultValueFactory = _ => new ShopTextLabels(default).IntentDays };
    private static readonly Option<int> s_loyalty = new("--loyalty-days") { Description = "Days after a text in which another order counts as loyalty.", DefaultValueFactory = _ => new ShopTextLabels(default).LoyaltyDays };
    private static readonly Option<string?> s_key = new("--key-file") { Description = "The key that customer ids are replaced by, for a column customer_id (text contrast pairs texts by it); without a key nobody is named.", HelpName = "FILE" };

    public static Command Create() => new Command("shop-labels",
        """
        Label a shop's texts by its own records, without anyone annotating: sentiment (stars), intent (did the writer order within days), loyalty (did they go on buying).

        A table comes out that text finetune learns from: text, sentiment, intent and loyalty (yes, no, or empty where it can't be known yet), stars, at, source.
        Windows end before the cutoff, so what is trained on them may be used for anything at the cutoff or later.

        Example:
          customervalue text shop-labels --records data-samples/shop --at 2024-07-01 --output labels.parquet
          customervalue text finetune labels.parquet --column text --label sentiment --label intent --label loyalty --time at --model encoder --output tuned
        """)
    {
        s_records, s_map, s_at, s_output, s_intent, s_loyalty, s_key,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Label(parsed, terminal, cancellation), CancellationToken.None));

    private static ShopLabels Label(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (folder, output) = (parsed.GetValue(s_records)!, parsed.GetValue(s_output)!);
        if (!output.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) throw new UsageException($"--output {output}: name a file that ends in .parquet.");
        var (reviews, turns, purchases) = (new List<Review>(), new List<DialogueTurn>(), new List<Purchase>());
        using var log = new ReadLog();
        foreach (var batch in Dataset.Open(folder, parsed.GetValue(s_map)).Read(parsed.GetValue(s_key) is { } key ? Pseudonyms.For(key, folder) : Pseudonyms.Published, log, terminal, cancellation))
            switch (batch)
            {
                case RecordBatch<Review> some: reviews.AddRange(some.Records); break;
                case RecordBatch<DialogueTurn> some: turns.AddRange(some.Records); break;
                case RecordBatch<Purchase> some: purchases.AddRange(some.Records); break;
            }
        var texts = Rules(parsed).Of(reviews, turns, purchases);
        if (texts.Count == 0) throw new UsageException(Terminal.Text($"{folder} has no review or chat before {parsed.GetValue(s_at):yyyy-MM-dd} ({reviews.Count} reviews, {turns.Count} turns of chats were read). Give a later cutoff, or records with texts."));

        var table = new ParquetColumns();
        table.Add("text", texts.Select(t => t.Text).ToArray());
        table.Add("sentiment", texts.Select(t => Word(t.IsPositive)).ToArray());
        table.Add("intent", texts.Select(t => Word(t.Buys)).ToArray());
        table.Add("loyalty", texts.Select(t => Word(t.KeepsBuying)).ToArray());
        table.Add("stars", texts.Select(t => t.Stars?.ToString(CultureInfo.InvariantCulture) ?? "").ToArray());
        table.Add("at", texts.Select(t => t.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)).ToArray());
        if (parsed.GetValue(s_key) is not null) table.Add("customer_id", texts.Select(t => t.CustomerId).ToArray());
        table.Add("source", texts.Select(t => t.Source).ToArray());
        table.Write(output);
        var result = new ShopLabels(texts.Count, texts.Count(t => t.IsPositive is not null), texts.Count(t => t.Buys is not null), texts.Count(t => t.KeepsBuying is not null), log.Rejected.Sum(r => r.Rows), output);
        terminal.Line(Terminal.Text($"{result.Texts:#,0} texts -> {output}: sentiment of {result.Sentiment:#,0}, intent of {result.Intent:#,0}, loyalty of {result.Loyalty:#,0}. {result.Rejected:#,0} records were rejected."));
        return result;
    }

    private static ShopTextLabels Rules(ParseResult parsed)
    {
        try
        {
            return new(parsed.GetValue(s_at)) { IntentDays = parsed.GetValue(s_intent), LoyaltyDays = parsed.GetValue(s_loyalty) };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static string Word(bool? answer) => answer switch { true => "yes", false => "no", null => "" };
}
