using System.CommandLine;
using CustomerValue.Text;
using CustomerValue.Text.Embeddings;
using CustomerValue.Torch.Language;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A text that is close.</summary>
/// <param name="Row">Its row in the file, from 1, the header not counted.</param>
/// <param name="Cosine">Of the two vectors: 1 for the same direction.</param>
/// <param name="Text">The text.</param>
internal sealed record NearText(int Row, double Cosine, string Text);

/// <summary>Texts of a file that are closest in meaning to one.</summary>
internal static class NearestCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Texts: .csv, .tsv, .jsonl or .parquet, or .txt with a text a line; .gz too." };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column that holds the text." };
    private static readonly Option<string> s_model = new("--model") { Description = "The model's folder, as Hugging Face lays it out.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_text = new("--text") { Description = "What to look for.", Required = true };
    private static readonly Option<int> s_count = new("--count") { Description = "How many to show.", DefaultValueFactory = _ => 5 };
    private static readonly Option<string?> s_cache = new("--cache") { Description = "Folder that keeps vectors by model and text: the file's are computed once.", HelpName = "DIR" };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("nearest",
        """
        Find the texts of a file that are closest in meaning to a text, by the cosine of their vectors. Exact: each is looked at; equal texts count once.

        Example: customervalue text nearest reviews.csv --column review --model models/all-minilm-l6-v2 --text "the parcel came late" --cache artifacts/embeddings
        """)
    {
        s_file, s_column, s_model, s_text, s_count, s_cache, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Find(parsed, terminal, cancellation), CancellationToken.None));

    private static NearText[] Find(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_count) is var count && count is < 1 or > 1_000_000) throw new UsageException("--count: give a number from 1 to 1,000,000.");
        TextThreads.Use(parsed.GetValue(s_threads));
        var texts = TextColumn.Read(parsed.GetValue(s_file)!, parsed.GetValue(s_column)).Select((t, row) => (t.Text, Row: row + 1)).Where(t => !string.IsNullOrWhiteSpace(t.Text)).DistinctBy(t => t.Text, StringComparer.Ordinal).ToArray();
        if (texts.Length == 0) throw new UsageException($"{parsed.GetValue(s_file)} has no text.");
        using var embedder = TextEmbedder.Open(parsed.GetValue(s_model)!, new() { Normalize = true });
        using var cache = parsed.GetValue(s_cache) is { } folder ? embedder.OpenCache(folder) : null;
        float[] vectors = [.. embedder.Embed([.. texts.Select(t => t.Text)], cache, terminal, cancellation).SelectMany(v => v)];
        var found = new NearestNeighbours(vectors, embedder.Width).Find([embedder.Embed(parsed.GetValue(s_text)!)], count, parsed.GetValue(s_threads), cancellation)[0];
        NearText[] near = [.. found.Select(f => new NearText(texts[f.Row].Row, f.Similarity, texts[f.Row].Text))];
        foreach (var one in near) terminal.Line(Terminal.Text($"{one.Cosine:0.000}  row {one.Row}: {one.Text}"));
        return near;
    }
}
