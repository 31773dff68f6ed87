using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Cli.Bench;

/// <summary>Language models: a calibration product, embedding, opening a folder, and a decoder's tokens in half and single precision.</summary>
internal static class LanguageWorks
{
    private const int Batch = 32, Batches = 2, Decoded = 16;

    public static IReadOnlyList<BenchWork> All { get; } =
    [
        new("calibration-product", "fp32 matrix product, 2048 (libtorch)", 2L * 2048 * 2048 * 2048, "FLOP", context =>
        {
            TorchThreads.Use(context.Threads);
            Tensor a = randn(2048, 2048), b = randn(2048, 2048);
            return () => { using var c = a.matmul(b); };
        }, Runs: 7),
        Embedding(32), Embedding(64), Embedding(128),
        new("open-minilm-fp32", "open a 90 MB folder of weights (MiniLM in fp32)", 90_000_000, "bytes", context =>
        {
            if (MiniLm(context) is not { } path) return null;
            using (var half = HuggingFaceFolder.Open(path))
            using (var bert = half.Bert())
                HuggingFaceFolder.Save(context.Scratch, bert, file => bert.Config.Write(file));
            return () =>
            {
                using var folder = HuggingFaceFolder.Open(context.Scratch);
                using var bert = folder.Bert();
            };
        }, Runs: 5),
        Decoding("decode-fp16-stored", "a 120 M decoder in fp16 as stored, 16 tokens after a prompt", WeightUse.AsStored),
        Decoding("decode-fp16-single", "the same converted to fp32 in memory", WeightUse.Single),
    ];

    private static string? MiniLm(BenchContext context) =>
        context.DataFolder is { } data && Path.Combine(data, "..", "models", "all-minilm-l6-v2") is var path && Directory.Exists(path) ? path : null;

    private static BenchWork Embedding(int length) => new($"embed-minilm-{length}", $"embed with MiniLM, batches of {Batch} texts of {length} tokens", Batch * Batches, "texts", context =>
    {
        if (MiniLm(context) is not { } path) return null;
        TorchThreads.Use(context.Threads);
        var embedder = new TextEmbedder(HuggingFaceFolder.Open(path).Bert(), new FixedLength(length), new() { TokensPerBatch = Batch * length });
        string[] texts = [.. Enumerable.Range(0, Batch * Batches).Select(i => new string('x', i))];
        return () => embedder.Embed(texts, cancellation: context.Cancellation);
    }, Runs: 10);

    private static BenchWork Decoding(string name, string work, WeightUse use) => new(name, work, Decoded, "tokens", context =>
    {
        TorchThreads.Use(context.Threads);
        var config = new LlamaConfig { VocabSize = 32_000, HiddenSize = 1_024, IntermediateSize = 2_816, Layers = 7, Heads = 16, KeyValueHeads = 8, HeadSize = 64, TiedHead = true };
        using (var model = Llama.Create(config, seed: 1))
            SafeTensorsWriter.Write(Path.Combine(context.Scratch, WeightFolder.Single), model.named_parameters().Select(p => new WeightToWrite(p.name, WeightType.Float16, p.parameter.shape, stream =>
            {
                using var half = p.parameter.detach().to(ScalarType.Float16);
                stream.Write(half.bytes);
            })));
        config.Write(Path.Combine(context.Scratch, "config.json"));
        TorchMemory.Trim();
        PeakMemory.Reset();
        var decoder = HuggingFaceFolder.Open(context.Scratch).Decoder(use);
        return () =>
        {
            using var quiet = inference_mode();
            using var scope = NewDisposeScope();
            using var cache = new KeyValueCache();
            _ = decoder.States(ones(1, 32, ScalarType.Int64), null, cache);
            for (var i = 0; i < Decoded; i++) _ = decoder.Logits(decoder.States(ones(1, 1, ScalarType.Int64), null, cache));
        };
    });
}
