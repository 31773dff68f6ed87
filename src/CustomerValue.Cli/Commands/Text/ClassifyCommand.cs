using System.CommandLine;
using CustomerValue.Text;
using CustomerValue.Torch.Language;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>What the heads say of a text.</summary>
/// <param name="Answers">One for each head.</param>
internal sealed record ClassifyOne(IReadOnlyList<TextAnswer> Answers);

/// <summary>What classifying a file did.</summary>
/// <param name="Rows">Texts read.</param>
/// <param name="Output">Where the answers are.</param>
/// <param name="Labels">Of each head, how many texts have which label.</param>
internal sealed record ClassifyMany(int Rows, string Output, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Labels);

/// <summary>Answers with a fine-tuned model.</summary>
internal static class ClassifyCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "A fine-tuned model's folder: 'customervalue text finetune' makes it.", Required = true, HelpName = "DIR" };
    private static readonly Option<string?> s_text = new("--text") { Description = "One text." };
    private static readonly Option<string?> s_input = new("--input") { Description = "In place of --text: a file of texts (.csv, .tsv, .jsonl, .parquet, or .txt with a text a line; .gz too).", HelpName = "FILE" };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column of the file that holds the text." };
    private static readonly Option<string?> s_output = new("--output") { Description = "With --input: the Parquet file of answers, a row for each text in the file's order.", HelpName = "FILE" };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads of libtorch; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("classify",
        """
        Answer a fine-tuned model's questions about texts: labels with their probabilities, or numbers.

        Example:
          customervalue text classify --model artifacts/models/reviews --text "物流很快，质量不错" --json
          customervalue text classify --model artifacts/models/reviews --input reviews.csv --column review --output answers.parquet
        """)
    {
        s_model, s_text, s_input, s_column, s_output, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Classify(parsed, terminal, cancellation), CancellationToken.None), cancelled: "Cancelled. Nothing was written.");

    private static object Classify(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (text, input, output) = (parsed.GetValue(s_text), parsed.GetValue(s_input), parsed.GetValue(s_output));
        if (text is null == input is null) throw new UsageException("Say what to classify: --text TEXT, or --input FILE --column NAME --output FILE.");
        if (input is not null && output is null) throw new UsageException("Say where the answers go: --output FILE.parquet.");
        TextThreads.Use(parsed.GetValue(s_threads));
        string[] texts = input is null ? [text!] : [.. TextColumn.Read(input, parsed.GetValue(s_column)).Select(t => t.Text)];
        using var classifier = TextClassifier.Open(parsed.GetValue(s_model)!);
        var answers = classifier.Answer(texts, input is null ? null : terminal, cancellation);
        if (input is null)
        {
            foreach (var answer in answers[0])
                terminal.Line(answer.Value is { } value ? Terminal.Text($"{answer.Head}: {value:0.####}")
                    : Terminal.Text($"{answer.Head}: {answer.Label} ({string.Join(", ", answer.Probabilities!.Select(p => Terminal.Text($"{p.Key} {p.Value:0.000}")))})"));
            return new ClassifyOne(answers[0]);
        }

        var table = new ParquetColumns();
        var counts = new Dictionary<string, IReadOnlyDictionary<string, int>>();
        for (var h = 0; h < classifier.Heads.Heads.Count; h++)
        {
            var head = classifier.Heads.Heads[h];
            if (head.Kind == HeadKind.Regression)
            {
                table.Add(head.Name, answers.Select(a => a[h].Value!.Value).ToArray());
                continue;
            }
            table.Add(head.Name, answers.Select(a => a[h].Label!).ToArray());
            foreach (var label in head.Labels) table.Add($"{head.Name}:{label}", answers.Select(a => a[h].Probabilities![label]).ToArray());
            counts[head.Name] = answers.CountBy(a => a[h].Label!).ToDictionary();
            terminal.Line($"{head.Name}: {string.Join(", ", counts[head.Name].Select(c => Terminal.Text($"{c.Key} {c.Value:#,0}")))}");
        }
        table.Write(output!);
        terminal.Line(Terminal.Text($"{texts.Length:#,0} texts -> {output}"));
        return new ClassifyMany(texts.Length, output!, counts);
    }
}
