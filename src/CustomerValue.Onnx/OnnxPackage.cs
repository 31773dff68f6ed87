using System.Globalization;
using System.Numerics.Tensors;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;

namespace CustomerValue.Onnx;

/// <summary>What was written, and how a look at sample texts went.</summary>
/// <param name="Folder">The package.</param>
/// <param name="Files">The files in it.</param>
/// <param name="Precision">fp32, or what is in 8 bits.</param>
/// <param name="Bytes">Size of model.onnx.</param>
/// <param name="SingleBytes">Size that it has in 32 bits.</param>
/// <param name="Texts">Sample texts that were run.</param>
/// <param name="LargestDifference">Largest difference of a number of an embedding. In 8 bits: from the same model in 32. In 32 bits: of a text alone from the same text in a filled-up batch.</param>
/// <param name="SmallestCosine">Smallest cosine of the two embeddings of a text.</param>
/// <param name="Heads">By head: how its two answers agree.</param>
public sealed record OnnxPackageReport(string Folder, IReadOnlyList<string> Files, string Precision, long Bytes, long SingleBytes, int Texts, double LargestDifference, double SmallestCosine, IReadOnlyList<HeadAgreement> Heads);

/// <summary>How a head's two answers to the sample texts agree.</summary>
/// <param name="Name">The head.</param>
/// <param name="LargestDifference">Of a probability, or of a number in the target's unit.</param>
/// <param name="SameLabel">Share of texts that get the same label; null for regression.</param>
/// <param name="Accuracy">Share of the labelled texts that the model as written gives their label; null where none is labelled.</param>
/// <param name="SingleAccuracy">The same of the model in 32 bits.</param>
public sealed record HeadAgreement(string Name, double LargestDifference, double? SameLabel, double? Accuracy = null, double? SingleAccuracy = null);

/// <summary>Texts that a model is looked at with.</summary>
/// <param name="Texts">The texts.</param>
public sealed record OnnxSamples(IReadOnlyList<string> Texts)
{
    /// <summary>By head, [texts]: the right label, or nothing where it isn't known.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Labels { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>A folder that holds all an encoder needs to serve: model.onnx, the tokenizer's files, config.json, and heads.json where it has heads.</summary>
public static class OnnxPackage
{
    private const string Config = "config.json";

    // A text beside longer ones may differ by rounding only.
    private const double MostByPadding = 1e-3;

    // Of accuracy, for a quarter of the size.
    private const double MostLost = 0.01;

    private static readonly string[] s_files =
        [Config, "vocab.txt", "vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", TextHeadsFile.Name];

    /// <summary>Texts of both languages and several lengths, for the look at what was written.</summary>
    public static IReadOnlyList<string> Samples { get; } =
    [
        "Great value, will buy again!", "The zipper broke after two days and nobody answers my messages.", "Is this available in blue, size M?", "Arrived late", "ok", "",
        "质量很好，下次还会买。", "物流太慢了，客服也不理人，再也不来了。", "这个有蓝色的吗？", "还行吧", "退货流程很麻烦，但是最后还是退款了。",
        "I ordered the cream one and got the black one; the shop exchanged it within a week, the new one fits well, and the fabric feels better than it looks in the pictures.",
        "手机壳 iPhone 15 Pro 很 nice，就是有点滑 👍", "¥199 for this? Not worth it...", "Refund please. Order 20240311-77, parcel opened, one item missing.",
        "买了三次了，每次都有小礼物，店家很用心，面料舒服，颜色和图片一样，尺码标准，推荐给大家，送给妈妈她也很喜欢。",
    ];

    /// <summary>The files of a package that its answers depend on, by name, in a fixed order.</summary>
    internal static IEnumerable<string> FilesOf(string folder) => s_files.Append(OnnxTextEncoder.ModelFile).Where(f => File.Exists(Path.Combine(folder, f)));

    /// <summary>Writes a package from a model's folder, and runs what was written. The folder serves when model.onnx has appeared, which is last.</summary>
    /// <param name="model">A BERT encoder's folder as Hugging Face lays it out; heads.json and heads.safetensors where it was fine-tuned.</param>
    /// <param name="output">The package's folder; made where it isn't there.</param>
    /// <param name="options">How the graph is written.</param>
    /// <param name="samples">Texts to run, with labels if there are any; null for <see cref="Samples"/>.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="InvalidDataException">The model is of another kind, its files don't fit together, or what was written doesn't answer as it should: in 8 bits, a head's accuracy on labelled texts is more than a point below that in 32.</exception>
    /// <exception cref="WeightException">Weights are missing or can't be trusted.</exception>
    public static OnnxPackageReport Write(string model, string output, OnnxGraphOptions? options = null, OnnxSamples? samples = null, IProgress<StageProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        (options, samples) = (options ?? new(), samples is { Texts.Count: > 0 } ? samples : new(Samples));
        if (!File.Exists(Path.Combine(model, Config))) throw new FileNotFoundException($"{model} has no {Config}. Give a folder that holds a model as Hugging Face lays it out.", Path.Combine(model, Config));
        var tokenizer = HuggingFaceTokenizer.Open(model);
        var heads = File.Exists(Path.Combine(model, TextHeadsFile.Name)) ? TextHeadsFile.Read(model) : null;
        Directory.CreateDirectory(output);
        var (written, single) = (Path.Combine(output, "model.onnx.new"), Path.Combine(output, "model.onnx.fp32"));
        try
        {
            progress?.Report(new("writing the graph", 0, 3, "steps"));
            var (bytes, singleBytes) = Graphs(model, heads, options, written, single);
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new("writing the graph", 1, 3, "steps"));
            var check = Compared(written, options.Precision == OnnxPrecision.Single ? null : single, heads, tokenizer, samples, cancellation);
            progress?.Report(new("writing the graph", 2, 3, "steps"));

            string[] files = [.. s_files.Where(f => File.Exists(Path.Combine(model, f)))];
            // A package that is written over an older one isn't mixed of both at any time.
            File.Delete(Path.Combine(output, OnnxTextEncoder.ModelFile));
            if (Path.GetFullPath(model) != Path.GetFullPath(output))
            {
                foreach (var old in s_files.Except(files)) File.Delete(Path.Combine(output, old));
                foreach (var file in files) File.Copy(Path.Combine(model, file), Path.Combine(output, file), overwrite: true);
            }
            File.Move(written, Path.Combine(output, OnnxTextEncoder.ModelFile));
            progress?.Report(new("writing the graph", 3, 3, "steps"));
            return new(output, [OnnxTextEncoder.ModelFile, .. files], check.Precision, bytes, singleBytes, samples.Texts.Count, check.Largest, check.Cosine, check.Heads);
        }
        finally
        {
            File.Delete(written);
            File.Delete(single);
        }
    }

    private static (long Bytes, long SingleBytes) Graphs(string model, TextHeads? heads, OnnxGraphOptions options, string written, string single)
    {
        using var weights = WeightFolder.Open(model);
        using var headWeights = heads is null ? null : WeightFolder.OpenFile(Path.Combine(model, TextHeadsFile.Weights));
        var source = new OnnxSource(File.ReadAllText(Path.Combine(model, Config)), Encoder(weights), heads, headWeights is null ? null : Heads(headWeights));
        var bytes = OnnxGraphWriter.Write(source, written, options);
        return (bytes, options.Precision == OnnxPrecision.Single ? bytes : OnnxGraphWriter.Write(source, single));
    }

    /// <summary>An encoder's weights by name. Models that were published with a task's head carry 'bert.' before the encoder's names.</summary>
    internal static Func<string, (long[] Shape, float[] Values)> Encoder(WeightFolder weights) => name => Read(weights, weights.Find(name) is null ? $"bert.{name}" : name, name);

    /// <summary>Heads' weights by name.</summary>
    internal static Func<string, (long[] Shape, float[] Values)> Heads(WeightFolder weights) => name => Read(weights, name, name);

    private static (long[] Shape, float[] Values) Read(WeightFolder weights, string name, string asked) => weights.Find(name) is { } found ? (found.Shape, weights.ReadSingles(name))
        : throw new InvalidDataException($"There is no weight '{asked}' in {string.Join(", ", weights.Files.Select(f => f.FilePath))}. config.json or heads.json asks for it; the files may come from different models.");

    private static (string Precision, double Largest, double Cosine, IReadOnlyList<HeadAgreement> Heads) Compared(string written, string? single, TextHeads? heads, ITokenizer tokenizer, OnnxSamples samples, CancellationToken cancellation)
    {
        using var encoder = OnnxTextEncoder.OpenFile(written, heads, tokenizer, new() { TokenBudget = 1 << 16 });
        using var other = OnnxTextEncoder.OpenFile(single ?? written, heads, tokenizer, new() { TokenBudget = single is null ? 1 : 1 << 16 });
        var texts = samples.Texts;
        var (found, expected) = (encoder.Encode(texts, cancellation: cancellation), other.Encode(texts, cancellation: cancellation));
        var (largest, cosine) = (Largest(found.Embeddings, expected.Embeddings), found.Embeddings.Zip(expected.Embeddings, (a, b) => (double)TensorPrimitives.CosineSimilarity<float>(a, b)).Min());
        if (!double.IsFinite(largest) || single is null && largest > MostByPadding)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The model that was written answers {largest:g3} off on {texts.Count} sample texts; at most {MostByPadding} is expected. Nothing was put into the package. The weights may be damaged."));
        HeadAgreement[] agreements = [.. encoder.Heads.Select(h => Agreement(h, found.Answers[h.Name], expected.Answers[h.Name], samples.Labels.GetValueOrDefault(h.Name)))];
        foreach (var head in agreements.Where(a => a.Accuracy < a.SingleAccuracy - MostLost))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"In 8 bits '{head.Name}' is right for {head.Accuracy:0.0 %} of the labelled texts, in 32 for {head.SingleAccuracy:0.0 %}; at most a point may be lost. Nothing was put into the package. Write it in 32 bits."));
        return (encoder.Precision, largest, Math.Min(1, cosine), agreements);
    }

    private static HeadAgreement Agreement(TextHead head, float[][] found, float[][] expected, IReadOnlyList<string>? labels)
    {
        var difference = Largest(found, expected);
        if (head.Kind == HeadKind.Regression) return new(head.Name, difference, null);
        var labelled = Enumerable.Range(0, found.Length).Where(at => labels?[at] is { Length: > 0 }).ToArray();
        double? Right(float[][] answers) => labelled.Length == 0 ? null : labelled.Average(at => head.Labels[Top(answers[at])] == labels![at] ? 1.0 : 0);
        return new(head.Name, difference, found.Zip(expected).Average(p => Top(p.First) == Top(p.Second) ? 1.0 : 0), Right(found), Right(expected));
    }

    private static double Largest(float[][] a, float[][] b) => a.Zip(b).SelectMany(p => p.First.Zip(p.Second)).Select(p => Math.Abs((double)p.First - p.Second)).Aggregate(0.0, (most, d) => d <= most ? most : d);      // NaN stays

    private static int Top(float[] probabilities) => TensorPrimitives.IndexOfMax<float>(probabilities);
}
