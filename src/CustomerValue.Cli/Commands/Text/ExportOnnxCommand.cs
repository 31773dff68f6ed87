using System.CommandLine;
using CustomerValue.Onnx;

namespace CustomerValue.Cli.Commands.Text;

/// <summary>Writes an encoder with its heads as an ONNX package.</summary>
internal static class ExportOnnxCommand
{
    private static readonly Option<string> s_model = new("--model") { Description = "The model's folder: config.json, weights and tokenizer as Hugging Face lays them out; heads.json and heads.safetensors where it was fine-tuned.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> s_output = new("--output") { Description = "Folder of the package; made where it isn't there.", Required = true, HelpName = "DIR" };
    private static readonly Option<bool> s_int8 = new("--int8") { Description = "Weights and activations in 8 bits: a quarter of the size, about twice as fast, nearly the same answers." };
    private static readonly Option<int> s_bits = new("--weight-bits") { Description = "With --int8: 7 where another program will run the model on processors without VNNI, whose 8-bit sums can overflow.", DefaultValueFactory = _ => 8, HelpName = "8|7" };
    private static readonly Option<string?> s_texts = new("--texts") { Description = "Texts for the look at what was written, one a line; without it, sixteen short ones in both languages.", HelpName = "FILE" };

    public static Command Create() => new Command("export-onnx",
        """
        Write a BERT encoder with its heads as an ONNX package that serves without libtorch.

        The package holds model.onnx (opset 17, standard operators only, any number of texts of any length), the tokenizer, and heads.json. Inputs: input_ids and
        attention_mask, int64 [batch, sequence]. Outputs: last_hidden_state; embedding, pooled and not normalised; and for each head, under its name, the probabilities of
        its labels, or a number in the target's unit. What was written is run before it is put in place: in 8 bits beside the same model in 32, else each text alone beside
        the same text in a filled-up batch.

        Example:
          customervalue text export-onnx --model artifacts/models/reviews --output artifacts/onnx/reviews
          customervalue text export-onnx --model artifacts/models/reviews --output artifacts/onnx/reviews-int8 --int8 --texts some-reviews.txt --json
        """) { s_model, s_output, s_int8, s_bits, s_texts }
        .Does((parsed, terminal, cancellation) => Task.Run<object>(() => Export(parsed, terminal, cancellation), CancellationToken.None), cancelled: "Cancelled. Nothing was put into the package.");

    private static OnnxPackageReport Export(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (bits, int8) = (parsed.GetValue(s_bits), parsed.GetValue(s_int8));
        if (bits is not (7 or 8)) throw new UsageException($"--weight-bits {bits}: 8 or 7 is expected.");
        if (bits == 7 && !int8) throw new UsageException("--weight-bits 7 is for --int8; a model in 32 bits has none.");
        var texts = parsed.GetValue(s_texts) is not { } file ? null : File.Exists(file) ? File.ReadAllLines(file) : throw new FileNotFoundException($"There is no file {file}.", file);
        var report = OnnxPackage.Write(parsed.GetValue(s_model)!, parsed.GetValue(s_output)!, new() { Precision = int8 ? OnnxPrecision.Int8 : OnnxPrecision.Single, WeightBits = bits }, texts, terminal, cancellation);

        terminal.Line(Terminal.Text($"{report.Folder}: model.onnx, {report.Precision}, {report.Bytes / 1e6:0.0} MB{(int8 ? Terminal.Text($" ({report.SingleBytes / 1e6:0.0} MB in 32 bits)") : "")}, and {string.Join(", ", report.Files.Skip(1))}"));
        terminal.Line(Terminal.Text($"{report.Texts} texts {(int8 ? "in 8 bits beside 32" : "alone beside in a batch")}: embeddings differ by at most {report.LargestDifference:0.0e+0}, smallest cosine {report.SmallestCosine:0.0000}"));
        foreach (var head in report.Heads)
            terminal.Line(Terminal.Text($"  {head.Name}: answers differ by at most {head.LargestDifference:0.0e+0}{(head.SameLabel is { } same ? Terminal.Text($", the same label for {same:0.0 %}") : "")}"));
        return report;
    }
}
