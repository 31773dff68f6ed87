using System.CommandLine;
using System.Diagnostics;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What train-vocab made.</summary>
/// <param name="Folder">Where vocab.txt and tokenizer_config.json stand.</param>
/// <param name="Tokens">Tokens in all, special ones included.</param>
/// <param name="Seconds">Time of reading and training.</param>
/// <param name="Report">What it was learned from.</param>
internal sealed record TrainedVocabulary(string Folder, int Tokens, double Seconds, WordPieceReport Report);

/// <summary>Learns a WordPiece vocabulary from texts.</summary>
internal static class TrainVocabCommand
{
    private static readonly Option<string[]> s_input = new("--input") { Description = "Files of texts: .csv, .tsv, .jsonl or .parquet with a column, or .txt with a text a line; .gz too.", Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "FILES" };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column that holds the texts." };
    private static readonly Option<string> s_output = new("--output") { Description = "Folder for vocab.txt and tokenizer_config.json.", Required = true, HelpName = "DIR" };
    private static readonly Option<int> s_size = new("--size") { Description = "Tokens in all.", DefaultValueFactory = _ => new WordPieceTrainerOptions().Size };
    private static readonly Option<bool> s_words = new("--chinese-words") { Description = "Let Chinese words become tokens; without it each character is one, as in most published models. Texts get a third shorter." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads that count words; the vocabulary doesn't depend on them.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("train-vocab",
        """
        Learn a WordPiece vocabulary from your own texts, in Chinese, English or both.

        The same texts give the same vocabulary. The folder is a Hugging Face tokenizer; text pretrain trains a model over it.

        Example: customervalue text train-vocab --input reviews.csv --column review --size 8000 --output artifacts/vocabulary
        """)
    {
        s_input, s_column, s_output, s_size, s_words, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (files, size, threads) = (parsed.GetValue(s_input)!, parsed.GetValue(s_size), parsed.GetValue(s_threads));
        if (files.FirstOrDefault(f => !File.Exists(f)) is { } missing) throw new UsageException($"--input {missing}: there is no such file.");
        if (size is < 16 or > 1_000_000) throw new UsageException($"--size {size}: it must lie between 16 and 1,000,000.");
        if (threads is < 1 or > 1024) throw new UsageException($"--threads {threads}: it must lie between 1 and 1,024.");
        var clock = Stopwatch.StartNew();
        var options = new WordPieceTrainerOptions { Size = size, Threads = threads, Text = new() { ChineseCharacters = !parsed.GetValue(s_words) } };
        var texts = files.SelectMany(f => TextColumn.Read(f, parsed.GetValue(s_column))).Select(t => t.Text);
        var vocabulary = new WordPieceTrainer(options).Train(texts, terminal, cancellation);
        WordPieceFolder.Write(parsed.GetValue(s_output)!, vocabulary);
        var result = new TrainedVocabulary(parsed.GetValue(s_output)!, vocabulary.Tokens.Count, clock.Elapsed.TotalSeconds, vocabulary.Report);
        var report = result.Report;
        terminal.Line(Terminal.Text($"{report.TextCharacters:#,0} characters, {report.DifferentWords:#,0} different words: {result.Tokens:#,0} tokens in {result.Seconds:0.0} s, written to {result.Folder}"));
        terminal.Line(Terminal.Text($"{report.KeptCharacters:#,0} of {report.DifferentCharacters:#,0} characters are kept, {report.Coverage:0.00 %} of the text; {report.JoinedPieces:#,0} longer pieces, the rarest pair joined stood {report.RarestPair:#,0} times."));
        return result;
    }, CancellationToken.None), cancelled: "Cancelled. Nothing was written.");
}
