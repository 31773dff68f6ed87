using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CustomerValue.Text;
using CustomerValue.Torch.Language;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>A text's vector.</summary>
/// <param name="Embedding">Its numbers.</param>
internal sealed record EmbedOne(float[] Embedding);

/// <summary>What embedding a file did.</summary>
/// <param name="Rows">Texts read.</param>
/// <param name="Width">Numbers of a vector.</param>
/// <param name="Known">Different texts that the cache knew before.</param>
/// <param name="Seconds">Time taken, without opening the model.</param>
/// <param name="Rate">Texts a second.</param>
/// <param name="Output">Where the vectors are.</param>
internal sealed record EmbedMany(int Rows, int Width, int Known, double Seconds, double Rate, string Output);

/// <summary>Texts to vectors.</summary>
internal static class EmbedCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "The model's folder, as Hugging Face lays it out.", Required = true, HelpName = "DIR" };
    private static readonly Option<string?> s_text = new("--text") { Description = "One text." };
    private static readonly Option<string?> s_input = new("--input") { Description = "In place of --text: a file of texts (.csv, .tsv, .jsonl, .parquet, or .txt with a text a line; .gz too).", HelpName = "FILE" };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column of the file that holds the text." };
    private static readonly Option<string?> s_output = new("--output") { Description = "With --input: the Parquet file of vectors, a row for each text in the file's order, columns e0, e1, ...", HelpName = "FILE" };
    private static readonly Option<string?> s_cache = new("--cache") { Description = "Folder that keeps vectors by model and text: what is known isn't computed again, and an interrupted run goes on.", HelpName = "DIR" };
    private static readonly Option<bool> s_normalize = new("--normalize") { Description = "Scale vectors to length 1, so that a dot product is the cosine." };
    private static readonly Option<int> s_maxTokens = new("--max-tokens") { Description = "Cut texts off after so many tokens (default: what the model can take)." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads of libtorch; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("embed",
        """
        Turn texts into vectors: texts of like meaning lie close together.

        Of an encoder the mean of all tokens' states is taken, of a decoder the last token's. Texts of like length share a batch.

        Example:
          customervalue text embed --model models/all-minilm-l6-v2 --text "the parcel came late" --normalize --json
          customervalue text embed --model models/all-minilm-l6-v2 --input reviews.csv --column review --output vectors.parquet --cache artifacts/embeddings
        """)
    {
        s_model, s_text, s_input, s_column, s_output, s_cache, s_normalize, s_maxTokens, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Embed(parsed, terminal, cancellation), CancellationToken.None));

    private static object Embed(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (text, input, output) = (parsed.GetValue(s_text), parsed.GetValue(s_input), parsed.GetValue(s_output));
        if (text is null == input is null) throw new UsageException("Say what to embed: --text TEXT, or --input FILE --column NAME --output FILE.");
        if (input is not null && output is null) throw new UsageException("Say where the vectors go: --output FILE.parquet.");
        TextThreads.Use(parsed.GetValue(s_threads));
        if (parsed.GetValue(s_maxTokens) is < 0 or > 1_000_000) throw new UsageException("--max-tokens: give a number from 1 to 1,000,000.");
        string[] texts = input is null ? [text!] : [.. TextColumn.Read(input, parsed.GetValue(s_column)).Select(t => t.Text)];
        using var embedder = TextEmbedder.Open(parsed.GetValue(s_model)!, new() { Normalize = parsed.GetValue(s_normalize), MaxTokens = parsed.GetValue(s_maxTokens) });
        using var cache = parsed.GetValue(s_cache) is { } folder ? embedder.OpenCache(folder) : null;
        if (input is null)
        {
            var vector = embedder.Embed(texts, cache, null, cancellation)[0];
            terminal.Line(string.Join(' ', vector.Select(v => v.ToString("0.######", CultureInfo.InvariantCulture))));
            return new EmbedOne(vector);
        }

        var (started, known) = (Stopwatch.GetTimestamp(), cache?.Count ?? 0);
        var vectors = embedder.Embed(texts, cache, terminal, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var table = new ParquetColumns();
        for (var d = 0; d < embedder.Width; d++) table.Add(Terminal.Text($"e{d}"), vectors.Select(v => (double)v[d]).ToArray());
        table.Write(output!);
        var result = new EmbedMany(texts.Length, embedder.Width, known, Math.Round(seconds, 3), Math.Round(texts.Length / Math.Max(seconds, 1e-9), 1), output!);
        terminal.Line(Terminal.Text($"{result.Rows:#,0} texts to {result.Width} numbers each in {seconds:0.00} s ({result.Rate:#,0} a second) -> {output}"));
        return result;
    }
}
