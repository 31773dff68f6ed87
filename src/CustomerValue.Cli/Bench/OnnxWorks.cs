using CustomerValue.Onnx;

namespace CustomerValue.Cli.Bench;

/// <summary>Embedding with ONNX Runtime: the published MiniLM (6 x 384), batches of 32 texts of one length. Left out where the models aren't beside the data.</summary>
internal static class OnnxWorks
{
    private const int Batch = 32, Batches = 2;

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        Export("onnx-export-int8"),
        .. new[] { OnnxPrecision.Single, OnnxPrecision.Int8 }.SelectMany(precision => new[] { 32, 64, 128 }.Select(length => Embed(precision, length))),
    ];

    private static string? Model(BenchContext context) =>
        context.DataFolder is { } data && Path.Combine(data, "..", "models", "all-minilm-l6-v2") is var folder && File.Exists(Path.Combine(folder, "config.json")) ? folder : null;

    private static BenchWork Export(string name) => new(name, "MiniLM written as an int8 package and checked", 1, "packages",
        context => Model(context) is { } model ? () => OnnxPackage.Write(model, context.Scratch, new() { Precision = OnnxPrecision.Int8 }) : null, Runs: 1);

    private static BenchWork Embed(OnnxPrecision precision, int length)
    {
        var kind = precision == OnnxPrecision.Single ? "fp32" : "int8";
        return new($"onnx-embed-{kind}-{length}", $"MiniLM embeds, {kind}, batches of {Batch} texts of {length} tokens", Batch * Batches, "sequences", context =>
        {
            if (Model(context) is not { } model) return null;
            OnnxPackage.Write(model, context.Scratch, new() { Precision = precision });
            var encoder = OnnxTextEncoder.Open(context.Scratch, new FixedLength(length), new() { Threads = context.Threads, TokenBudget = Batch * length });
            string[] texts = [.. Enumerable.Range(0, Batch * Batches).Select(i => new string('x', i))];
            return () => encoder.Embed(texts, cancellation: context.Cancellation);
        }, Runs: 10);
    }
}
