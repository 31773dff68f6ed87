using System.CommandLine;
using CustomerValue.Text;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;
using Pooling = CustomerValue.Text.Pooling;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What contrastive tuning did.</summary>
/// <param name="Pairs">Pairs learned from.</param>
/// <param name="HeldOut">Pairs measured on.</param>
/// <param name="Report">How the run ended.</param>
/// <param name="Before">In-batch accuracy on the held-out pairs before (partner_found: the share of texts whose partner, of all second texts of those pairs, lies closest), and reciprocal_rank; null without such pairs.</param>
/// <param name="After">The same, after.</param>
/// <param name="Output">The model's folder.</param>
/// <param name="RunId">The run in the store.</param>
internal sealed record ContrastResult(
    int Pairs, int HeldOut, TrainingReport Report, IReadOnlyDictionary<string, double>? Before, IReadOnlyDictionary<string, double>? After, string Output, string RunId);

/// <summary>Pairs of texts to a model whose vectors lie close where texts belong together.</summary>
internal static class ContrastCommand
{
    private const int MostMeasured = 1000;                               // all are compared with all
    private static readonly ContrastiveOptions s_defaults = new();
    private static readonly Argument<string> s_file = new("FILE") { Description = "Texts: .csv, .tsv, .jsonl or .parquet with columns of strings; .gz too." };
    private static readonly Option<string> s_column = new("--column") { Description = "The column that holds the text.", Required = true };
    private static readonly Option<string?> s_other = new("--other") { Description = "The column that holds its partner: an answer, a title, a translation.", HelpName = "COLUMN" };
    private static readonly Option<string?> s_group = new("--group") { Description = "With --other: a column that says what a pair is about; pairs of one group are never set against one another.", HelpName = "COLUMN" };
    private static readonly Option<string?> s_together = new("--together") { Description = "In place of --other: a column that says which texts belong together, such as the customer or the product. Neighbouring texts of one group become pairs, in the file's order, each text in one pair.", HelpName = "COLUMN" };
    private static readonly Option<int?> s_pairs = new("--pairs") { Description = "Use at most so many pairs, chosen by content (default: all)." };
    private static readonly Option<string> s_model = new("--model") { Description = "The encoder or decoder to begin with, as Hugging Face lays it out.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_output = TrainingSettings.Output();
    private static readonly Option<double> s_temperature = new("--temperature") { Description = "Divides cosines before they are compared: the smaller, the more the closest wrong text counts.", DefaultValueFactory = _ => s_defaults.Temperature };
    private static readonly Option<Pooling?> s_pooling = new("--pooling") { Description = "How a text's states become its vector: mean, first ([CLS]) or last (default: mean of encoders, last of decoders, as text embed does)." };
    private static readonly Option<double> s_heldOut = new("--held-out") { Description = "Share of the groups, or of the pairs where those have no group, to measure on, chosen by content; 0: none.", DefaultValueFactory = _ => 0.1, HelpName = "SHARE" };
    private static readonly TrainingSettings s_training = new(s_defaults.Training);

    public static Command Create()
    {
        var command = new Command("contrast",
            """
            Tune a model until the vectors of texts that belong together lie close: for search, for texts like this one, for segments of customers.

            Each text has to find its partner among the second texts of its batch (InfoNCE, both ways), so large batches teach more: --batch-tokens bounds the two
            texts of all pairs together. Pairs come from two columns, or from one column and what its texts are about. Measured, before and after, is the share of
            held-out texts whose partner, or another text of its group, is the closest of all that are held out (at most 1,000 pairs): the more there are the
            harder it is, so compare runs over the same pairs only. The folder that comes out is read by text embed, text finetune and text export-onnx.
            The run can be stopped or killed at any time: the same command goes on, to the same bits.

            Example:
              customervalue text contrast reviews.csv --column text --together product_id --model models/all-minilm-l6-v2 --output close --epochs 1
              customervalue text contrast chats.jsonl --column question --other answer --model encoder --output close --rate 1e-4 --held-out 0.05
            """)
        { s_file, s_column, s_other, s_group, s_together, s_pairs, s_model, s_output, s_temperature, s_pooling, s_heldOut };
        s_training.AddTo(command);
        return command.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Contrast(parsed, terminal, cancellation), CancellationToken.None));
    }

    private static ContrastResult Contrast(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var output = parsed.GetValue(s_output)!;
        var (train, held) = Pairs(parsed);
        var (options, storage) = (Options(parsed), s_training.Storage(parsed));
        using var run = new TrainingRun("contrastive-tuning", output, s_training.Told(parsed), terminal, cancellation);
        if (run.Whole<ContrastResult>() is { } whole) return run.Finish(whole, whole.Report);
        using var backbone = TextBackbone.Open(parsed.GetValue(s_model)!, WeightUse.Train);
        options = options with { Pooling = parsed.GetValue(s_pooling) ?? (backbone.IsDecoder ? Pooling.Last : Pooling.Mean) };
        IReadOnlyDictionary<string, double>? Figures() => held.Count == 0 ? null : ContrastiveTuning.Figures(backbone, options, held);
        var before = Figures();
        var report = ContrastiveTuning.Train(backbone, options, train, held, run.Checkpoints, run, TimeProvider.System, cancellation);
        var after = Figures();
        backbone.Save(output, storage);
        terminal.Line(Terminal.Text($"{report.Steps:#,0} steps in {report.Seconds:0} s on {train.Count:#,0} pairs -> {output}"));
        if (before is not null) terminal.Line(Terminal.Text($"Partner found among {held.Count:#,0} held-out pairs: {before["partner_found"]:0.0000} before, {after!["partner_found"]:0.0000} after."));
        return run.Finish(new ContrastResult(train.Count, held.Count, report, before, after, output, run.Id), report);
    }

    private static (IReadOnlyList<TextPair> Train, IReadOnlyList<TextPair> HeldOut) Pairs(ParseResult parsed)
    {
        var (file, column, other, group, together) = (parsed.GetValue(s_file)!, parsed.GetValue(s_column)!, parsed.GetValue(s_other), parsed.GetValue(s_group), parsed.GetValue(s_together));
        if (other is null == together is null) throw new UsageException("Say where pairs come from: --other COLUMN for a column of partners, or --together COLUMN for one that says which texts belong together.");
        if (group is not null && other is null) throw new UsageException("--group goes with --other; with --together the groups are known already.");
        if (parsed.GetValue(s_heldOut) is var share && !(share is >= 0 and <= 0.5)) throw new UsageException(Terminal.Text($"--held-out {share}: give a share from 0 to 0.5."));
        if (parsed.GetValue(s_pairs) is < 2) throw new UsageException("--pairs: give at least 2; a text has to find its partner among others.");
        if (!File.Exists(file)) throw new UsageException($"There is no file '{file}'.");
        var all = together is not null ? TextPairs.OfNeighbours(TextColumn.Read(file, column, together)) : Partners(file, column, other!, group);
        var (train, held) = TextPairs.Split(TextPairs.AtMost(all, parsed.GetValue(s_pairs) ?? int.MaxValue), share);
        return train.Count >= 2 ? (train, TextPairs.AtMost(held, MostMeasured))
            : throw new UsageException($"{file} has {all.Count} pairs, of which {train.Count} are left to learn from; at least two are needed. A pair has two different texts{(together is null ? "" : $" of one {together}")}.");
    }

    private static TextPair[] Partners(string file, string column, string other, string? group)
    {
        string?[] groups = group is null ? [] : [.. TextColumn.Read(file, column, group).Select(t => t.Group?.Trim())];
        return [.. TextColumn.Read(file, column, other).Select((t, row) => new TextPair(t.Text.Trim(), t.Group?.Trim() ?? "", group is null || groups[row] is not { Length: > 0 } name ? null : name))
            .Where(p => p.One.Length > 0 && p.Other.Length > 0 && p.One != p.Other)];
    }

    private static ContrastiveOptions Options(ParseResult parsed)
    {
        try
        {
            return s_defaults with { Training = s_training.Of(parsed, s_defaults.Training.LearningRate), Temperature = parsed.GetValue(s_temperature) };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
