using System.CommandLine;
using CustomerValue.Packaging;
using CustomerValue.Packaging.Scoring;
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
    // Labels shown in their order; of more, the likeliest alone.
    private const int MostShown = 12, Likeliest = 5;

    private static readonly Option<string?> s_model = new("--model") { Description = "A fine-tuned model's folder: 'customervalue text finetune' makes it.", HelpName = "DIR" };
    private static readonly Option<string?> s_package = new("--package") { Description = "In place of --model: a package that an experiment on texts made, a .zip or the folder beside it. It answers without libtorch.", HelpName = "FILE" };
    private static readonly Option<string?> s_text = new("--text") { Description = "One text." };
    private static readonly Option<string?> s_input = new("--input") { Description = "In place of --text: a file of texts (.csv, .tsv, .jsonl, .parquet, or .txt with a text a line; .gz too).", HelpName = "FILE" };
    private static readonly Option<string?> s_column = new("--column") { Description = "The column of the file that holds the text." };
    private static readonly Option<string?> s_output = new("--output") { Description = "With --input: the Parquet file of answers, a row for each text in the file's order; of a package also .csv or .jsonl.", HelpName = "FILE" };
    private static readonly Option<int> s_threads = new("--threads") { Description = "Threads; more than 1 only on a quiet machine.", DefaultValueFactory = _ => 1 };

    public static Command Create() => new Command("classify",
        """
        Answer a fine-tuned model's questions about texts, or a package's: labels with their probabilities, or numbers.

        Example:
          customervalue text classify --model artifacts/models/reviews --text "物流很快，质量不错" --json
          customervalue text classify --model artifacts/models/reviews --input reviews.csv --column review --output answers.parquet
          customervalue text classify --package artifacts/package/1004-en-intent.zip --text "where is my card?"
        """)
    {
        s_model, s_package, s_text, s_input, s_column, s_output, s_threads,
    }.Does((parsed, terminal, cancellation) => Task.Run<object>(() => Classify(parsed, terminal, cancellation), CancellationToken.None), cancelled: "Cancelled. Nothing was written.");

    private static object Classify(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (text, input, output) = (parsed.GetValue(s_text), parsed.GetValue(s_input), parsed.GetValue(s_output));
        if (text is null == input is null) throw new UsageException("Say what to classify: --text TEXT, or --input FILE --column NAME --output FILE.");
        if (input is not null && output is null) throw new UsageException("Say where the answers go: --output FILE.parquet.");
        if (parsed.GetValue(s_model) is null == parsed.GetValue(s_package) is null) throw new UsageException("Say who answers: --model DIR (a fine-tuned model's folder), or --package FILE (what an experiment made).");
        if (parsed.GetValue(s_package) is { } package) return Packaged(package, text, input, output, parsed, terminal, cancellation);
        TextThreads.Use(parsed.GetValue(s_threads));
        string[] texts = input is null ? [text!] : [.. TextColumn.Read(input, parsed.GetValue(s_column)).Select(t => t.Text)];
        using var classifier = TextClassifier.Open(parsed.GetValue(s_model)!);
        var answers = classifier.Answer(texts, input is null ? null : terminal, cancellation);
        if (input is null)
        {
            foreach (var answer in answers[0]) terminal.Line(Told(answer));
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

    private static string Told(TextAnswer answer)
    {
        if (answer.Value is { } value) return Terminal.Text($"{answer.Head}: {value:0.####}");
        var all = answer.Probabilities!.Count;
        var shown = all <= MostShown ? answer.Probabilities! : answer.Probabilities!.OrderByDescending(p => p.Value).Take(Likeliest);
        return Terminal.Text($"{answer.Head}: {answer.Label} ({string.Join(", ", shown.Select(p => Terminal.Text($"{p.Key} {p.Value:0.000}")))}{(all > MostShown ? Terminal.Text($", {all - Likeliest} others") : "")})");
    }

    private static object Packaged(string path, string? text, string? input, string? output, ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var format = output is null ? ScoreFormat.Parquet : ScoreFormats.Of(output) ?? throw new UsageException($"--output {output}: the name doesn't tell the format. End it in .csv, .jsonl or .parquet.");
        using var package = TextPackage.Open(path, PackageCodecs.All);
        if (input is null)
        {
            var probabilities = package.Classify([text!], cancellation)[0];
            var answer = new TextAnswer(ModelSignature.Label, package.Likeliest(probabilities), package.Labels.Zip(probabilities).ToDictionary(p => p.First, p => p.Second), null);
            terminal.Line(Told(answer));
            return new ClassifyOne([answer]);
        }
        var counts = new TextScoreJob(package, parsed.GetValue(s_threads)).Run(PackagedTexts.Read(input, parsed.GetValue(s_column), null), null, output, format, progress: terminal, cancellation: cancellation);
        terminal.Line(PackagedTexts.Told(counts));
        terminal.Line(Terminal.Text($"{counts.Texts:#,0} texts -> {output}"));
        return new ClassifyMany((int)counts.Texts, output!, new Dictionary<string, IReadOnlyDictionary<string, int>> { [ModelSignature.Label] = counts.ByLabel.Where(c => c.Value > 0).ToDictionary(c => c.Key, c => (int)c.Value) });
    }
}
