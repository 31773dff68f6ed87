using System.CommandLine;
using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Onnx;
using CustomerValue.Text;
using Spectre.Console;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>How well one question is answered.</summary>
/// <param name="Head">The question: an encoder's head, and the file's column of that name.</param>
/// <param name="Texts">Texts with an answer of that column.</param>
/// <param name="Labels">Labels of the head.</param>
/// <param name="Accuracy">Share of the texts for which the likeliest label is the right one.</param>
/// <param name="MacroF1">Mean of the labels' F1.</param>
/// <param name="LogLoss">Mean negative log-probability of the right label, in nats.</param>
internal sealed record AnsweredQuestion(string Head, int Texts, int Labels, double Accuracy, double MacroF1, double LogLoss);

/// <summary>Holds what an encoder says of labelled texts against their labels.</summary>
internal static class EvaluateTextCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "Labelled texts (.csv, .tsv, .jsonl, .parquet; .gz too), with a column named after each head to judge, of its labels; an empty field has none." };
    private static readonly Option<string> s_column = new("--column") { Description = "The column that holds the texts.", Required = true };
    private static readonly Option<string?> s_encoder = new("--encoder") { Description = "An encoder's folder with heads; without it the one that comes with the program, which reads clause by clause.", HelpName = "FOLDER" };
    private static readonly Option<string[]> s_head = new("--head") { Description = "Only this head; may be given several times. Without it all that have labels, and the file has a column for each.", HelpName = "NAME" };
    private static readonly Option<bool> s_clauses = new("--clauses") { Description = "Let the encoder read clause by clause: for one that was taught on single statements." };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("evaluate",
        """
        Judge an encoder on labelled texts: accuracy, macro F1 and log loss of every head, by the file's column of its name.

        Example:
          customervalue text corpus --texts 3000 --seed 9 --output unseen.csv
          customervalue text evaluate unseen.csv --column text
          customervalue text evaluate labelled.csv --column review --encoder tuned --head sentiment
        """)
    {
        s_file, s_column, s_encoder, s_head, s_clauses, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Evaluate(parsed, terminal, cancellation), CancellationToken.None));

    private static List<AnsweredQuestion> Evaluate(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (file, column, folder) = (parsed.GetValue(s_file)!, parsed.GetValue(s_column)!, parsed.GetValue(s_encoder));
        if (!File.Exists(file)) throw new UsageException($"There is no file '{file}'.");
        var source = folder is null ? ShopEncoder.Source() : Encoders.Source(folder);
        if (parsed.GetValue(s_clauses) && folder is not null) source = new ClauseEncoderSource(source);
        TextThreads.Use(parsed.GetValue(s_threads));
        string[] texts = [.. TextColumn.Read(file, column).Select(t => t.Text)];
        var heads = Heads(source.Heads, parsed.GetValue(s_head) ?? []);
        var labels = heads.ToDictionary(h => h.Name, h => TextColumn.Read(file, column, h.Name).Select(t => t.Group?.Trim() ?? "").ToArray());

        using var encoder = source.Open(() => [], DateOnly.MaxValue, "", parsed.GetValue(s_threads), terminal, cancellation);
        var answers = encoder.Encode(texts, terminal, cancellation).Answers;
        var judged = heads.Select(h => Judge(h, labels[h.Name], answers[h.Name], file)).ToList();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("question");
        foreach (var name in new[] { "labels", "texts", "right answers", "macro F1", "log loss" }) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var q in judged)
            table.AddRow(new Cell(q.Head), new Cell(Terminal.Text($"{q.Labels}")), new Cell(Terminal.Text($"{q.Texts:#,0}")), new Cell(Terminal.Text($"{q.Accuracy:0.0000}")), new Cell(Terminal.Text($"{q.MacroF1:0.0000}")), new Cell(Terminal.Text($"{q.LogLoss:0.0000}")));
        terminal.Show(table);
        return judged;
    }

    private static List<TextHead> Heads(IReadOnlyList<TextHead> heads, string[] asked)
    {
        var labelled = heads.Where(h => h.Kind != HeadKind.Regression).ToList();
        if (labelled.Count == 0 || asked.FirstOrDefault(name => labelled.TrueForAll(h => h.Name != name)) is not null)
            throw new UsageException($"The encoder has {(labelled.Count == 0 ? "no head with labels" : $"these heads with labels: {string.Join(", ", labelled.Select(h => h.Name))}")}{(asked.Length == 0 ? "" : $"; asked for: {string.Join(", ", asked)}")}.");
        return asked.Length == 0 ? labelled : [.. labelled.Where(h => asked.Contains(h.Name))];
    }

    private static AnsweredQuestion Judge(TextHead head, string[] labels, float[][] answers, string file)
    {
        var labelled = Enumerable.Range(0, labels.Length).Where(row => labels[row].Length > 0).ToList();
        if (labelled.Count == 0) throw new UsageException($"{file}: the column {head.Name} is empty on every row, so there is nothing to hold the head against.");
        var places = labelled.Select(row => head.Labels.ToList().IndexOf(labels[row])).ToList();
        if (places.IndexOf(-1) is var unknown and >= 0)
            throw new UsageException($"{file}, text {labelled[unknown] + 1}: '{labels[labelled[unknown]]}' is no label of the head {head.Name}. It has: {string.Join(", ", head.Labels)}.");
        double[][] probabilities = [.. labelled.Select(row => Array.ConvertAll(answers[row], p => (double)p))];
        return new(head.Name, labelled.Count, head.Labels.Count, ClassMetric.Accuracy.Of(places, probabilities), ClassMetric.MacroF1.Of(places, probabilities), ClassMetric.LogLoss.Of(places, probabilities));
    }
}
