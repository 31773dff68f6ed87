using System.CommandLine;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What was written.</summary>
/// <param name="File">The file.</param>
/// <param name="Texts">Texts in it.</param>
/// <param name="Writers">Who wrote them.</param>
/// <param name="Seed">The seed.</param>
internal sealed record WrittenCorpus(string File, int Texts, int Writers, long Seed);

/// <summary>Writes made-up texts with what they say, to teach an encoder by.</summary>
internal static class CorpusCommand
{
    private static readonly Option<string> s_output = new("--output") { Description = "The CSV file to write.", Required = true, HelpName = "FILE" };
    private static readonly Option<int> s_texts = new("--texts") { Description = "How many texts.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<long> s_seed = new("--seed") { Description = "Seed of everything drawn. Take another one than the seed of a simulated shop whose texts shall be read.", DefaultValueFactory = _ => 7 };

    private static readonly Option<string?> s_only = new("--only") { Description = "One kind of texts alone: statement (a sentence about one thing, with the pole of its words and what its frame does to it), review or dialogue.", HelpName = "KIND" };

    public static Command Create() => new Command("corpus",
        """
        Write made-up reviews and chats in Chinese, English and both, each with what it says: sentiment 1 to 5, mood, loyalty, intent, what is complained of, how a chat ended.

        The texts come from the grammar of simulate, and the labels from what was written, not from anyone's feelings or purchases: an encoder that learns from them has seen no
        shop. Texts of one writer stand together (column writer). The same seed gives the same file.

        Example:
          customervalue text corpus --texts 200000 --seed 7 --output corpus.csv
          customervalue text finetune corpus.csv --column text --ordered sentiment --label mood --label loyalty --label intent --model encoder --output tuned
        """)
    {
        s_output, s_texts, s_seed, s_only,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() =>
    {
        var (file, texts, seed) = (parsed.GetValue(s_output)!, parsed.GetValue(s_texts), parsed.GetValue(s_seed));
        if (texts is < 1 or > 100_000_000) throw new UsageException($"--texts {texts}: it must lie between 1 and 100,000,000.");
        var only = parsed.GetValue(s_only);
        if (only is not null && !TextCorpus.Kinds.Contains(only)) throw new UsageException($"--only {only}: there are {string.Join(", ", TextCorpus.Kinds)}.");
        var result = new WrittenCorpus(file, texts, TextCorpus.Write(file, texts, seed, only, terminal, cancellation), seed);
        terminal.Line(Terminal.Text($"{result.Texts:#,0} texts of {result.Writers:#,0} writers, seed {result.Seed}, in {result.File}."));
        return result;
    }, CancellationToken.None), cancelled: "Cancelled. Nothing was written.");
}
