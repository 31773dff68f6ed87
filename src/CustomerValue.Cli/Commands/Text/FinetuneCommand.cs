using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Weights;
using Pooling = CustomerValue.Text.Pooling;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What fine-tuning did.</summary>
/// <param name="Train">Texts learned from.</param>
/// <param name="Dev">Texts that the weights were chosen by.</param>
/// <param name="Heads">The questions, with their labels.</param>
/// <param name="Report">How the run ended.</param>
/// <param name="Figures">Figures of the kept weights on the dev texts.</param>
/// <param name="Output">The model's folder.</param>
/// <param name="RunId">The run in the store.</param>
internal sealed record FinetuneResult(int Train, int Dev, IReadOnlyList<TextHead> Heads, TrainingReport Report, IReadOnlyDictionary<string, double> Figures, string Output, string RunId);

/// <summary>Labelled texts to a model that labels.</summary>
internal static class FinetuneCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Labelled texts: .csv, .tsv, .jsonl or .parquet with columns of strings; .gz too." };
    private static readonly Option<string> s_column = new("--column") { Description = "The column that holds the text.", Required = true };
    private static readonly Option<string[]> s_label = new("--label") { Description = "A column of labels; a head of that name learns to tell them. May be given several times; empty fields are texts without that label." };
    private static readonly Option<string[]> s_ordered = new("--ordered") { Description = "A column of labels that have an order (stars): numbers, sorted as such." };
    private static readonly Option<string[]> s_number = new("--number") { Description = "A column of numbers to foresee." };
    private static readonly Option<string?> s_time = new("--time") { Description = "A column that sorts by time (2024-05-01 12:00): the latest tenth is the dev slice. Without it, a tenth by content." };
    private static readonly Option<string?> s_dev = new("--dev") { Description = "A file of the same columns to choose the weights by, in place of a tenth.", HelpName = "FILE" };
    private static readonly Option<string> s_model = new("--model") { Description = "The encoder or decoder to begin with, as Hugging Face lays it out.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_output = TrainingSettings.Output();
    private static readonly Option<Pooling?> s_pooling = new("--pooling") { Description = "What heads see of a text: mean, first ([CLS]) or last (decoders)." };
    private static readonly Option<int> s_lora = new("--lora") { Description = "Train an adapter of this rank in place of the network; it is written to adapter/ and worked into the weights.", DefaultValueFactory = _ => 0, HelpName = "RANK" };
    private static readonly Option<int> s_freeze = new("--freeze") { Description = "What doesn't learn: 0 the embeddings, n also the n layers above them; -1: all learn.", DefaultValueFactory = _ => -1 };
    private static readonly Option<double> s_layerRate = new("--layer-rate") { Description = "Each layer's step size over that of the layer above.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> s_headRate = new("--head-rate") { Description = "The heads' step size over that of the top layer.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> s_smoothing = new("--label-smoothing") { Description = "Share of a label's mass spread over all labels.", DefaultValueFactory = _ => 0 };
    private static readonly Option<bool> s_balance = new("--balance") { Description = "Rare labels weigh more, so that all weigh the same together." };
    private static readonly Option<double> s_wordDropout = new("--word-dropout") { Description = "Share of a text's tokens that are hidden, anew each time it is read, so that no single word is relied on. 0.1 helps where texts are few.", DefaultValueFactory = _ => 0, HelpName = "SHARE" };
    private static readonly Option<double> s_rDrop = new("--r-drop") { Description = "Read each text twice, with different dropout, and weigh by so much where the two answers differ (R-Drop): steadier answers for twice the time. 0: one pass.", DefaultValueFactory = _ => 0, HelpName = "WEIGHT" };
    private static readonly TrainingSettings s_training = new(new() { Keep = KeptWeights.Best });

    public static Command Create()
    {
        var command = new Command("finetune",
            """
            Tune an encoder or a decoder to labels: sentiment, intent, stars, whatever a column says; several columns at once share one model.

            A tenth of the texts chooses the weights (the latest, with --time), so judge the model on texts that stand in neither. The folder that comes out is read
            by text classify, text embed and text export-onnx. The run can be stopped or killed at any time: the same command goes on, to the same bits.

            Example:
              customervalue text finetune reviews.csv --column review --label sentiment --model encoder --output tuned --rate 3e-4 --epochs 3
              customervalue text finetune chats.jsonl --column text --label intent --ordered stars --time at --model models/all-minilm-l6-v2 --output tuned --lora 8
            """)
        { s_file, s_column, s_label, s_ordered, s_number, s_time, s_dev, s_model, s_output, s_pooling, s_lora, s_freeze, s_layerRate, s_headRate, s_smoothing, s_balance, s_wordDropout, s_rDrop };
        s_training.AddTo(command);
        return command.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Finetune(parsed, terminal, cancellation), CancellationToken.None));
    }

    private static FinetuneResult Finetune(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        (string Column, HeadKind Kind)[] wanted =
        [
            .. (parsed.GetValue(s_label) ?? []).Select(c => (c, HeadKind.Classification)),
            .. (parsed.GetValue(s_ordered) ?? []).Select(c => (c, HeadKind.Ordinal)),
            .. (parsed.GetValue(s_number) ?? []).Select(c => (c, HeadKind.Regression)),
        ];
        if (wanted.Length == 0) throw new UsageException("Say what to learn: --label COLUMN, --ordered COLUMN or --number COLUMN; several may be given.");
        var storage = s_training.Storage(parsed);
        var (column, file, output) = (parsed.GetValue(s_column)!, parsed.GetValue(s_file)!, parsed.GetValue(s_output)!);
        string[] columns = [.. wanted.Select(w => w.Column)];
        var table = Read(file, column, columns);
        var (trainRows, devRows) = parsed.GetValue(s_dev) is null ? Split(parsed, table, file, column) : ([.. Enumerable.Range(0, table.Texts.Length)], []);
        var heads = wanted.Select(w => Head(w.Column, w.Kind, trainRows.Select(row => table.Labels[w.Column][row]))).ToArray();
        var train = Headed(table, trainRows, heads);
        var dev = parsed.GetValue(s_dev) is { } devFile ? Headed(Read(devFile, column, columns), null, heads) : Headed(table, devRows, heads);

        var options = Options(parsed, out var backbone);
        using var run = new TrainingRun("fine-tuning", output, s_training.Told(parsed), terminal, cancellation);
        if (run.Whole<FinetuneResult>() is { } whole)
        {
            backbone.Dispose();
            return run.Finish(whole, whole.Report);
        }
        var (model, report) = FineTuning.Train(backbone, heads, options, train, dev, run.Checkpoints, run, TimeProvider.System, cancellation);
        using (model)
        {
            var figures = FineTuning.Figures(model, dev);
            if (Directory.Exists(Path.Combine(run.Checkpoints, "adapter")))
            {
                if (Directory.Exists(Path.Combine(output, "adapter"))) Directory.Delete(Path.Combine(output, "adapter"), recursive: true);
                Directory.Move(Path.Combine(run.Checkpoints, "adapter"), Path.Combine(output, "adapter"));
            }
            model.Save(output, storage);
            terminal.Line(Terminal.Text($"{report.Steps:#,0} steps in {report.Seconds:0} s on {train.Texts.Count:#,0} texts -> {output}"));
            terminal.Line(Terminal.Text($"On {dev.Texts.Count:#,0} dev texts: {string.Join(", ", figures.Select(f => Terminal.Text($"{f.Key} {f.Value:0.0000}")))}"));
            return run.Finish(new FinetuneResult(train.Texts.Count, dev.Texts.Count, heads, report, figures, output, run.Id), report);
        }
    }

    private static FineTuningOptions Options(ParseResult parsed, out TextBackbone backbone)
    {
        var rank = parsed.GetValue(s_lora);
        FineTuningOptions options;
        try
        {
            options = new()
            {
                Training = s_training.Of(parsed, rank > 0 ? 1e-3 : 5e-5), FrozenLayers = parsed.GetValue(s_freeze), LayerRateDecay = parsed.GetValue(s_layerRate),
                HeadRate = parsed.GetValue(s_headRate), LabelSmoothing = parsed.GetValue(s_smoothing), BalanceClasses = parsed.GetValue(s_balance), RDrop = parsed.GetValue(s_rDrop), WordDropout = parsed.GetValue(s_wordDropout),
                Lora = rank > 0 ? new() { Rank = rank, Alpha = 2 * rank, BaseModel = parsed.GetValue(s_model)! } : null,
            };
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new UsageException(error.Message);
        }
        backbone = TextBackbone.Open(parsed.GetValue(s_model)!, WeightUse.Train);
        return options with { Pooling = parsed.GetValue(s_pooling) ?? (backbone.IsDecoder ? Pooling.Last : Pooling.Mean) };
    }

    private sealed record Table(string[] Texts, Dictionary<string, string[]> Labels);

    private static Table Read(string file, string column, string[] labels)
    {
        var texts = Array.Empty<string>();
        var columns = new Dictionary<string, string[]>();
        foreach (var label in labels)
        {
            GroupedText[] rows = [.. TextColumn.Read(file, column, label)];
            (texts, columns[label]) = ([.. rows.Select(r => r.Text.Trim())], [.. rows.Select(r => r.Group?.Trim() ?? "")]);
        }
        return new(texts, columns);
    }

    private static (int[] Train, int[] Dev) Split(ParseResult parsed, Table table, string file, string column)
    {
        var rows = Enumerable.Range(0, table.Texts.Length).ToArray();
        if (parsed.GetValue(s_time) is not { } time)
        {
            var byContent = rows.ToLookup(row => Convert.ToUInt32(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(table.Texts[row])))[..8], 16) % 10 == 1);
            return ([.. byContent[false]], [.. byContent[true]]);
        }
        string[] at = [.. TextColumn.Read(file, column, time).Select(t => t.Group ?? "")];
        int[] sorted = [.. rows.OrderBy(row => at[row], StringComparer.Ordinal)];
        return (sorted[..^(sorted.Length / 10)], sorted[^(sorted.Length / 10)..]);
    }

    private static TextHead Head(string column, HeadKind kind, IEnumerable<string> fields)
    {
        string[] given = [.. fields.Where(f => f.Length > 0)];
        if (kind == HeadKind.Regression)
        {
            double[] numbers = [.. given.Select(f => Number(column, f))];
            if (numbers.Length < 2) throw new UsageException($"--number {column}: the column has {numbers.Length} numbers; at least two are needed.");
            var mean = numbers.Average();
            var scale = Math.Sqrt(numbers.Average(n => (n - mean) * (n - mean)));
            return new(column, kind, [], mean, scale > 0 ? scale : 1);
        }
        string[] labels = [.. given.Distinct(StringComparer.Ordinal)];
        labels = kind == HeadKind.Ordinal ? [.. labels.OrderBy(l => Number(column, l))] : [.. labels.Order(StringComparer.Ordinal)];
        return labels.Length >= 2 ? new(column, kind, labels)
            : throw new UsageException($"{column}: the texts to learn from have {labels.Length} different labels in that column; at least two are needed.");
    }

    private static HeadedTexts Headed(Table table, int[]? rows, TextHead[] heads)
    {
        rows ??= [.. Enumerable.Range(0, table.Texts.Length)];
        return new([.. rows.Select(row => table.Texts[row])], heads.ToDictionary(h => h.Name, h => rows.Select(row => Target(h, table.Labels[h.Name][row])).ToArray()));
    }

    private static float Target(TextHead head, string field)
    {
        if (field.Length == 0) return float.NaN;
        if (head.Kind == HeadKind.Regression) return (float)Number(head.Name, field);
        for (var k = 0; k < head.Labels.Count; k++)
            if (head.Labels[k] == field) return k;
        throw new UsageException($"{head.Name}: a dev text has the label '{field}', which no text to learn from has. Those have: {string.Join(", ", head.Labels.Take(20))}.");
    }

    private static double Number(string column, string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw new UsageException($"{column}: '{field}' is no number. For labels that are words use --label.");
}
