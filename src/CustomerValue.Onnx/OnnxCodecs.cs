using System.Globalization;
using CustomerValue.Models.Text;
using CustomerValue.Packaging;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Onnx;

/// <summary>Packages encoders that some engine has tuned, and serves them through ONNX Runtime.</summary>
public static class OnnxCodecs
{
    /// <summary>One codec for each kind of model.</summary>
    public static IReadOnlyList<IModelCodec> All { get; } = [new OnnxEncoderCodec()];
}

/// <summary>An encoder as a package holds it: config.json, the weights that its graph asks for in safetensors, the tokenizer's files, and the one head that answers.</summary>
/// <remarks>
/// No graph stands in a package. It is written anew at every load, by <see cref="OnnxGraphWriter"/>, from weights that were read by a strict reader and whose shapes were checked: so
/// ONNX Runtime, which is native code and trusts what it is given, never sees a graph that came from elsewhere.
/// </remarks>
internal sealed class OnnxEncoderCodec : IModelCodec
{
    private const string Json = "tokenizer.json", Config = "config", Weights = "model", HeadWeights = "head_weights", SafeTensors = ".safetensors";

    private static readonly string[] s_settings = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"], s_vocabularies = [Json, "vocab.txt", "vocab.json", "merges.txt"];

    public string Kind => "onnx-encoder";

    public int Version => 1;

    public Type Model => typeof(OnnxLabeller);

    public string? Notice => "ONNX Runtime (MIT, Microsoft Corporation), needed to answer: runs the encoder, whose graph is written anew from its weights at every load.";

    public bool Takes(object model) => model is ITunedEncoder;

    public void Write(object model, ModelWriter to)
    {
        var parts = (model as OnnxLabeller)?.Parts ?? Taken((ITunedEncoder)model);
        to.Text("head", parts.Head.Name);
        to.Text("answers", parts.Head.Kind.ToString());
        to.Texts("labels", parts.Head.Labels);
        to.Text("pooling", parts.Pooling.ToString());
        to.Whole("max_tokens", parts.MaxTokens);
        to.File(Config, parts.Config, ".json");
        to.File(Weights, parts.Weights, SafeTensors);
        to.File(HeadWeights, parts.HeadWeights, SafeTensors);
        to.Each("tokenizer", parts.Tokenizer, (file, one) =>
        {
            one.Text("name", file.Name);
            one.File("file", file.Content, Path.GetExtension(file.Name));
        });
    }

    public object Read(ModelReader from)
    {
        var kind = Named<HeadKind>(from, "answers");
        if (kind == HeadKind.Regression) throw new InvalidDataException("its head answers a number, where labels are expected.");
        var head = new TextHead(from.Text("head"), kind, from.Texts("labels"));
        return new OnnxLabeller(new(head, Named<Pooling>(from, "pooling"), from.Whole("max_tokens", 1, 1_000_000), from.Bytes(Config), from.Bytes(Weights), from.Bytes(HeadWeights), from.Each("tokenizer", one =>
        {
            var name = one.Text("name");
            return s_settings.Concat(s_vocabularies).Contains(name) ? new TokenizerFile(name, one.Bytes("file")) : throw new InvalidDataException($"'{name}' is no file of a tokenizer.");
        })));
    }

    private static T Named<T>(ModelReader from, string parameter) where T : struct, Enum => from.Text(parameter) is var name && Enum.TryParse<T>(name, out var value) && value.ToString() == name ? value
        : throw new InvalidDataException($"'{parameter}' is '{name}'; {string.Join(", ", Enum.GetNames<T>())} are expected.");

    // Everything passes through a folder, as engines write and read it, and what isn't asked for stays there.
    private static EncoderParts Taken(ITunedEncoder model)
    {
        var folder = Directory.CreateTempSubdirectory("customervalue-encoder-").FullName;
        try
        {
            model.Save(folder);
            HuggingFaceTokenizer.Open(folder);
            var heads = TextHeadsFile.Read(folder);
            var head = heads.Heads.Single(h => h.Name == model.Head);
            var config = File.ReadAllBytes(Path.Combine(folder, "config.json"));
            var (asked, headAsked) = (new Dictionary<string, WeightToWrite>(), new Dictionary<string, WeightToWrite>());
            using (var weights = WeightFolder.Open(folder))
            using (var headWeights = WeightFolder.OpenFile(Path.Combine(folder, TextHeadsFile.Weights)))
                OnnxGraphWriter.ToBytes(new(System.Text.Encoding.UTF8.GetString(config), Noted(OnnxPackage.Encoder(weights), asked), heads with { Heads = [head] }, Noted(OnnxPackage.Heads(headWeights), headAsked)));
            var tokenizer = File.Exists(Path.Combine(folder, Json)) ? [Json] : s_vocabularies;
            return new(head, heads.Pooling, heads.MaxTokens, config, Bytes(asked), Bytes(headAsked),
                [.. tokenizer.Concat(s_settings).Where(f => File.Exists(Path.Combine(folder, f))).Select(f => new TokenizerFile(f, File.ReadAllBytes(Path.Combine(folder, f))))]);
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            throw new InvalidOperationException($"The network can't be packaged: {error.Message.Replace(folder, "its folder", StringComparison.Ordinal)}", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        byte[] Bytes(Dictionary<string, WeightToWrite> weights)
        {
            var path = Path.Combine(folder, "packaged" + SafeTensors);
            SafeTensorsWriter.Write(path, weights.Values);
            return File.ReadAllBytes(path);
        }

        static Func<string, (long[], float[])> Noted(Func<string, (long[] Shape, float[] Values)> from, Dictionary<string, WeightToWrite> asked) => name =>
        {
            var found = from(name);
            asked[name] = WeightToWrite.Of(name, found.Shape, found.Values);
            return found;
        };
    }
}

/// <summary>A file of a tokenizer.</summary>
internal sealed record TokenizerFile(string Name, byte[] Content);

/// <summary>What an encoder that tells labels is made of.</summary>
/// <param name="Head">The head that answers.</param>
/// <param name="Pooling">What it sees of a text.</param>
/// <param name="MaxTokens">Longest text, in tokens.</param>
/// <param name="Config">config.json.</param>
/// <param name="Weights">The encoder's weights, a safetensors file.</param>
/// <param name="HeadWeights">The head's.</param>
/// <param name="Tokenizer">The tokenizer's files.</param>
internal sealed record EncoderParts(TextHead Head, Pooling Pooling, int MaxTokens, byte[] Config, byte[] Weights, byte[] HeadWeights, IReadOnlyList<TokenizerFile> Tokenizer);

/// <summary>A packaged encoder that answers through ONNX Runtime. May be asked from several threads at once.</summary>
internal sealed class OnnxLabeller : IFittedTextCandidate, IRoundsByMachine, IHasParts
{
    private readonly OnnxTextEncoder _encoder;
    private readonly string _told;

    /// <summary>Writes the graph and opens it.</summary>
    /// <exception cref="InvalidDataException">The parts don't fit together, or can't be trusted.</exception>
    public OnnxLabeller(EncoderParts parts)
    {
        Parts = parts;
        var heads = new TextHeads(parts.Pooling, parts.MaxTokens, [parts.Head]);
        if (TextHeadsFile.Fault(heads) is { } fault) throw new InvalidDataException(fault);
        var folder = Directory.CreateTempSubdirectory("customervalue-encoder-").FullName;
        try
        {
            string Put(string name, byte[] content)
            {
                var path = Path.Combine(folder, name);
                File.WriteAllBytes(path, content);
                return path;
            }
            foreach (var file in parts.Tokenizer) Put(file.Name, file.Content);
            using var weights = WeightFolder.OpenFile(Put(WeightFolder.Single, parts.Weights));
            using var headWeights = WeightFolder.OpenFile(Put(TextHeadsFile.Weights, parts.HeadWeights));
            if (!System.Text.Unicode.Utf8.IsValid(parts.Config)) throw new InvalidDataException("config.json isn't UTF-8.");
            var graph = OnnxGraphWriter.ToBytes(new(System.Text.Encoding.UTF8.GetString(parts.Config), OnnxPackage.Encoder(weights), heads, OnnxPackage.Heads(headWeights)));
            var tokenizer = HuggingFaceTokenizer.Open(folder);
            _encoder = OnnxTextEncoder.OpenBytes(graph, "The encoder", heads, tokenizer);
            var config = EncoderConfig.Parse(System.Text.Encoding.UTF8.GetString(parts.Config), "config.json");
            _told = string.Create(CultureInfo.InvariantCulture,
                $"encoder of {config.Layers} layers, {config.Width} wide{(config.NGrams is { } runs ? $", with runs of 2 to {runs.Order} tokens in {runs.Buckets:#,0} x {runs.Width}" : "")}, {_encoder.Precision}, reads up to {_encoder.MaxTokens} tokens; tokenizer {parts.Tokenizer[0].Name} of {tokenizer.Vocabulary.Count:#,0} tokens");
        }
        catch (Exception error) when (error is InvalidDataException or WeightException or IOException or OnnxRuntimeException)
        {
            throw new InvalidDataException(error.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(folder, "the package", StringComparison.Ordinal), error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What it was made of.</summary>
    public EncoderParts Parts { get; }

    IReadOnlyList<string> IHasParts.Parts => [_told];

    /// <summary>Kernels differ by processor; a probability's fifth digit may.</summary>
    public double Tolerance => 1e-4;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">ONNX Runtime can't answer.</exception>
    public double[][] Probabilities(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        try
        {
            return [.. _encoder.Answer(Parts.Head.Name, texts, cancellation).Select(row => Array.ConvertAll(row, p => (double)p))];
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"The encoder can't answer: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _encoder.Dispose();
}
