using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Packaging;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Onnx;

/// <summary>A file of a tokenizer.</summary>
internal sealed record TokenizerFile(string Name, byte[] Content);

/// <summary>What an encoder with heads is made of. No graph is among it: the graph is written anew from the weights.</summary>
/// <param name="Heads">The heads that answer.</param>
/// <param name="Pooling">What they see of a text.</param>
/// <param name="MaxTokens">Longest text, in tokens.</param>
/// <param name="Config">config.json.</param>
/// <param name="Weights">The encoder's weights, a safetensors file.</param>
/// <param name="HeadWeights">The heads'.</param>
/// <param name="Tokenizer">The tokenizer's files.</param>
internal sealed record EncoderParts(IReadOnlyList<TextHead> Heads, Pooling Pooling, int MaxTokens, byte[] Config, byte[] Weights, byte[] HeadWeights, IReadOnlyList<TokenizerFile> Tokenizer)
{
    private const string Json = "tokenizer.json", SafeTensors = ".safetensors";

    private static readonly string[] s_settings = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"], s_vocabularies = [Json, "vocab.txt", "vocab.json", "merges.txt"];

    /// <summary>Takes the parts of a model's folder.</summary>
    /// <param name="folder">As Hugging Face lays it out, with heads.json and heads.safetensors.</param>
    /// <param name="head">The one head that is wanted, and then only the weights that it needs; null for all heads, and the files as they are.</param>
    /// <exception cref="InvalidDataException">The files don't fit together.</exception>
    /// <exception cref="FileNotFoundException">One is missing.</exception>
    public static EncoderParts Of(string folder, string? head = null)
    {
        HuggingFaceTokenizer.Open(folder);
        var heads = TextHeadsFile.Read(folder);
        if (head is not null) heads = heads with { Heads = [heads.Heads.Single(h => h.Name == head)] };
        var config = File.ReadAllBytes(Path.Combine(folder, "config.json"));
        var files = TokenizerOf(folder);
        if (head is null && Path.Combine(folder, WeightFolder.Single) is var whole && File.Exists(whole))
            return new(heads.Heads, heads.Pooling, heads.MaxTokens, config, File.ReadAllBytes(whole), File.ReadAllBytes(Path.Combine(folder, TextHeadsFile.Weights)), files);

        var (asked, headAsked) = (new Dictionary<string, WeightToWrite>(), new Dictionary<string, WeightToWrite>());
        using (var weights = WeightFolder.Open(folder))
        using (var headWeights = WeightFolder.OpenFile(Path.Combine(folder, TextHeadsFile.Weights)))
            OnnxGraphWriter.ToBytes(new(Encoding.UTF8.GetString(config), Noted(OnnxPackage.Encoder(weights), asked), heads, Noted(OnnxPackage.Heads(headWeights), headAsked)));
        return new(heads.Heads, heads.Pooling, heads.MaxTokens, config, Bytes(asked), Bytes(headAsked), files);

        static byte[] Bytes(Dictionary<string, WeightToWrite> weights)
        {
            var place = Directory.CreateTempSubdirectory("customervalue-weights-").FullName;
            try
            {
                var path = Path.Combine(place, "packaged" + SafeTensors);
                SafeTensorsWriter.Write(path, weights.Values);
                return File.ReadAllBytes(path);
            }
            finally
            {
                Directory.Delete(place, recursive: true);
            }
        }

        static Func<string, (long[], float[])> Noted(Func<string, (long[] Shape, float[] Values)> from, Dictionary<string, WeightToWrite> asked) => name =>
        {
            var found = from(name);
            asked[name] = WeightToWrite.Of(name, found.Shape, found.Values);
            return found;
        };
    }

    /// <summary>The files of a folder's tokenizer.</summary>
    public static TokenizerFile[] TokenizerOf(string folder) =>
        [.. (File.Exists(Path.Combine(folder, Json)) ? [Json] : s_vocabularies).Concat(s_settings).Where(f => File.Exists(Path.Combine(folder, f))).Select(f => new TokenizerFile(f, File.ReadAllBytes(Path.Combine(folder, f))))];

    /// <summary>Writes a tokenizer's files among a model's parameters.</summary>
    public static void WriteTokenizer(IReadOnlyList<TokenizerFile> files, ModelWriter to) => to.Each("tokenizer", files, (file, one) =>
    {
        one.Text("name", file.Name);
        one.File("file", file.Content, Path.GetExtension(file.Name));
    });

    /// <summary>Reads what <see cref="WriteTokenizer"/> wrote.</summary>
    public static TokenizerFile[] ReadTokenizer(ModelReader from) => from.Each("tokenizer", one =>
    {
        var name = one.Text("name");
        return s_settings.Concat(s_vocabularies).Contains(name) ? new TokenizerFile(name, one.Bytes("file")) : throw new InvalidDataException($"'{name}' is no file of a tokenizer.");
    });

    /// <summary>Writes all but the heads among a model's parameters.</summary>
    public void Write(ModelWriter to)
    {
        to.Text("pooling", Pooling.ToString());
        to.Whole("max_tokens", MaxTokens);
        to.File("config", Config, ".json");
        to.File("model", Weights, SafeTensors);
        to.File("head_weights", HeadWeights, SafeTensors);
        WriteTokenizer(Tokenizer, to);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static EncoderParts Read(ModelReader from, IReadOnlyList<TextHead> heads) => new(heads, Named<Pooling>(from, "pooling"), from.Whole("max_tokens", 1, 1_000_000), from.Bytes("config"), from.Bytes("model"),
        from.Bytes("head_weights"), ReadTokenizer(from));

    /// <summary>A parameter that names one of an enumeration's values.</summary>
    public static T Named<T>(ModelReader from, string parameter) where T : struct, Enum => from.Text(parameter) is var name && Enum.TryParse<T>(name, out var value) && value.ToString() == name ? value
        : throw new InvalidDataException($"'{parameter}' is '{name}'; {string.Join(", ", Enum.GetNames<T>())} are expected.");

    /// <summary>A hash of all parts: encoders of the same digest answer the same.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Pooling} {MaxTokens} {string.Join(';', Heads.Select(h => $"{h.Name} {h.Kind} {h.Mean:R} {h.Scale:R} {string.Join(',', h.Labels)}"))}")));
        foreach (var part in (IEnumerable<byte[]>)[Config, Weights, HeadWeights, .. Tokenizer.Select(t => t.Content)]) hash.AppendData(SHA256.HashData(part));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the graph and opens it.</summary>
    /// <returns>The encoder, and what it is in words.</returns>
    /// <exception cref="InvalidDataException">The parts don't fit together, or can't be trusted.</exception>
    public (OnnxTextEncoder Encoder, string Told) Open(OnnxEncoderOptions? options = null)
    {
        var heads = new TextHeads(Pooling, MaxTokens, Heads);
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
            foreach (var file in Tokenizer) Put(file.Name, file.Content);
            using var weights = WeightFolder.OpenFile(Put(WeightFolder.Single, Weights));
            using var headWeights = WeightFolder.OpenFile(Put(TextHeadsFile.Weights, HeadWeights));
            if (!System.Text.Unicode.Utf8.IsValid(Config)) throw new InvalidDataException("config.json isn't UTF-8.");
            var graph = OnnxGraphWriter.ToBytes(new(Encoding.UTF8.GetString(Config), OnnxPackage.Encoder(weights), heads, OnnxPackage.Heads(headWeights)));
            var tokenizer = HuggingFaceTokenizer.Open(folder);
            var encoder = OnnxTextEncoder.OpenBytes(graph, "The encoder", heads, tokenizer, options);
            var config = EncoderConfig.Parse(Encoding.UTF8.GetString(Config), "config.json");
            return (encoder, string.Create(CultureInfo.InvariantCulture,
                $"encoder of {config.Layers} layers, {config.Width} wide{(config.NGrams is { } runs ? $", with runs of 2 to {runs.Order} tokens in {runs.Buckets:#,0} x {runs.Width}" : "")}, {encoder.Precision}, reads up to {encoder.MaxTokens} tokens; tokenizer {Tokenizer[0].Name} of {tokenizer.Vocabulary.Count:#,0} tokens"));
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
}
