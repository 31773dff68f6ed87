using System.CommandLine;
using CustomerValue.Onnx;
using CustomerValue.Text;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>Writes an encoder with its heads as an ONNX package.</summary>
internal static class ExportOnnxCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "The model's folder: config.json, weights and tokenizer as Hugging Face lays them out; heads.json and heads.safetensors where it was fine-tuned.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_output = new("--output") { Description = "Folder of the package; made where it isn't there.", Required = true, HelpName = "DIR" };
    private static readonly Option<bool> s_int8 = new("--int8") { Description = "Weights and activations in 8 bits: a quarter of the size, about twice as fast, nearly the same answers." };
    private static readonly Option<bool> s_weights = new("--int8-weights") { Description = "Weights alone in 8 bits: as small as with --int8, as fast as in 32 bits, and a text gets the same answer whatever stands beside it." };
    private static readonly Option<int> s_bits = new("--weight-bits") { Description = "With --int8: 7 where another program will run the model on processors without VNNI, whose 8-bit sums can overflow.", DefaultValueFactory = _ => 8, HelpName = "8|7" };
    private static readonly Option<string?> s_texts = new("--texts") { Description = "Texts for the look at what was written, one a line; without it, sixteen short ones in both languages.", HelpName = "FILE" };
    private static readonly Option<string?> s_labelled = new("--labelled") { Description = "Labelled texts that the model hasn't learned from (.csv, .tsv, .jsonl, .parquet): a package whose accuracy on them falls by more than a point in 8 bits is refused.", HelpName = "FILE" };
    private static readonly Option<string?> s_column = new("--column") { Description = "With --labelled: the column that holds the text." };
    private static readonly Option<string[]> s_label = new("--label") { Description = "With --labelled: a column that holds the right labels of the head of that name. May be given several times." };

    public static Command Create() => new Command("export-onnx",
        """
        Write a BERT encoder with its heads as an ONNX package that serves without libtorch.

        The package holds model.onnx (opset 17, standard operators only, any number of texts of any length), the tokenizer, and heads.json. Inputs: input_ids and
        attention_mask, int64 [batch, sequence]. Outputs: last_hidden_state; embedding, pooled and not normalised; and for each head, under its name, the probabilities of
        its labels, or a number in the target's unit. What was written is run before it is put in place: in 8 bits beside the same model in 32, else each text alone beside
        the same text in a filled-up batch.

        Example:
          customervalue text export-onnx --model artifacts/models/reviews --output artifacts/onnx/reviews
          customervalue text export-onnx --model artifacts/models/reviews --output artifacts/onnx/reviews-int8 --int8 --labelled held-out.csv --column review --label sentiment
        """) { s_model, s_output, s_int8, s_weights, s_bits, s_texts, s_labelled, s_column, s_label }
        .Does((parsed, terminal, cancellation) => Task.Run<object>(() => Export(parsed, terminal, cancellation), CancellationToken.None), cancelled: "Cancelled. Nothing was put into the package.");

    private static OnnxPackageReport Export(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (bits, dynamic, weights) = (parsed.GetValue(s_bits), parsed.GetValue(s_int8), parsed.GetValue(s_weights));
        if (dynamic && weights) throw new UsageException("--int8 and --int8-weights: give one of them.");
        var int8 = dynamic || weights;
        if (bits is not (7 or 8)) throw new UsageException($"--weight-bits {bits}: 8 or 7 is expected.");
        if (bits == 7 && !dynamic) throw new UsageException("--weight-bits 7 is for --int8; a model in 32 bits has none.");
        var samples = Samples(parsed);
        var report = OnnxPackage.Write(parsed.GetValue(s_model)!, parsed.GetValue(s_output)!, new() { Precision = dynamic ? OnnxPrecision.Int8 : weights ? OnnxPrecision.Int8Weights : OnnxPrecision.Single, WeightBits = bits }, samples, terminal, cancellation);

        terminal.Line(Terminal.Text($"{report.Folder}: model.onnx, {report.Precision}, {report.Bytes / 1e6:0.0} MB{(int8 ? Terminal.Text($" ({report.SingleBytes / 1e6:0.0} MB in 32 bits)") : "")}, and {string.Join(", ", report.Files.Skip(1))}"));
        terminal.Line(Terminal.Text($"{report.Texts} texts {(int8 ? "in 8 bits beside 32" : "alone beside in a batch")}: embeddings differ by at most {report.LargestDifference:0.0e+0}, smallest cosine {report.SmallestCosine:0.0000}"));
        foreach (var head in report.Heads)
            terminal.Line(Terminal.Text($"  {head.Name}: answers differ by at most {head.LargestDifference:0.0e+0}{(head.SameLabel is { } same ? Terminal.Text($", the same label for {same:0.0 %}") : "")}{(head.Accuracy is { } right ? Terminal.Text($"; right for {right:0.0 %}{(int8 ? Terminal.Text($", in 32 bits {head.SingleAccuracy:0.0 %}") : "")}") : "")}"));
        return report;
    }

    private static OnnxSamples? Samples(ParseResult parsed)
    {
        if (parsed.GetValue(s_labelled) is not { } labelled)
            return parsed.GetValue(s_texts) is not { } file ? null : new(File.Exists(file) ? File.ReadAllLines(file) : throw new FileNotFoundException($"There is no file {file}.", file));
        if (parsed.GetValue(s_texts) is not null) throw new UsageException("--texts and --labelled: give one of them.");
        if (parsed.GetValue(s_column) is not { } column || parsed.GetValue(s_label) is not { Length: > 0 } labels) throw new UsageException("--labelled: say with --column which column holds the text, and with --label which hold the labels.");
        var heads = TextHeadsFile.Read(parsed.GetValue(s_model)!).Heads.Where(h => h.Kind != HeadKind.Regression).Select(h => h.Name).ToArray();
        if (labels.Except(heads).FirstOrDefault() is { } unknown) throw new UsageException($"--label {unknown}: the model has no head of that name that gives labels. It has: {string.Join(", ", heads)}.");
        var columns = labels.ToDictionary(label => label, label => TextColumn.Read(labelled, column, label).ToArray());
        return new([.. columns[labels[0]].Select(row => row.Text)]) { Labels = columns.ToDictionary(c => c.Key, c => (IReadOnlyList<string>)[.. c.Value.Select(row => row.Group?.Trim() ?? "")]) };
    }
}
