using CustomerValue.Models.Text;
using CustomerValue.Onnx;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Text.Weights;

namespace CustomerValue.Cli.Tests;

/// <summary>A candidate that is tuned already: a published encoder's folder with a head from a seed, as some engine would leave it.</summary>
internal sealed class TunedElsewhere(string model) : ITextCandidate
{
    private const int Width = 32;

    public string Name => "encoder";

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation) => new Fitted(model, train.Classes);

    private sealed class Fitted(string model, IReadOnlyList<string> classes) : ITunedEncoder
    {
        public string Head => "label";

        public void Save(string folder)
        {
            Directory.CreateDirectory(folder);
            foreach (var file in new[] { "config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors" }) File.Copy(Path.Combine(model, file), Path.Combine(folder, file));
            TextHeadsFile.Write(folder, new(Pooling.Mean, 64, [new(Head, HeadKind.Classification, classes)]));
            var random = new SplitMix64(3);
            float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.Unit() - 0.5))];
            SafeTensorsWriter.Write(Path.Combine(folder, TextHeadsFile.Weights), [WeightToWrite.Of("label.weight", [classes.Count, Width], Numbers(classes.Count * Width)), WeightToWrite.Of("label.bias", [classes.Count], Numbers(classes.Count))]);
        }

        public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation)
        {
            using var folder = new TemporaryFolder();
            Save(folder.In("model"));
            OnnxPackage.Write(folder.In("model"), folder.In("package"), cancellation: cancellation);
            using var encoder = OnnxTextEncoder.Open(folder.In("package"));
            return [.. encoder.Answer(Head, texts, cancellation).Select(row => Array.ConvertAll(row, p => (double)p))];
        }

        public void Dispose() { }
    }
}
