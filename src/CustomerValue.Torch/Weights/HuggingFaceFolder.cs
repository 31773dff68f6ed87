using System.Security.Cryptography;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;

using static TorchSharp.torch;

namespace CustomerValue.Torch.Weights;

/// <summary>A model's folder as Hugging Face lays it out: config.json and weights. Opening reads names and shapes; models are built over the mapped files.</summary>
public sealed class HuggingFaceFolder : IDisposable
{
    private HuggingFaceFolder(string folder, string modelType, WeightFolder weights) => (Folder, ModelType, Weights) = (folder, modelType, weights);

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>The architecture, as config.json names it: bert, gpt2, llama, qwen2, qwen3.</summary>
    public string ModelType { get; }

    /// <summary>Whether it is an encoder that is built here; everything else is a decoder or unknown.</summary>
    public bool IsEncoder => BertConfig.IsKnown(ModelType);

    /// <summary>The weights.</summary>
    public WeightFolder Weights { get; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidDataException">There is no config.json, or it isn't one.</exception>
    /// <exception cref="WeightException">The weights can't be trusted.</exception>
    public static HuggingFaceFolder Open(string folder)
    {
        using var config = ConfigFile.Open(Path.Combine(folder, "config.json"));
        return new(folder, config.Text("model_type"), WeightFolder.Open(folder));
    }

    /// <summary>The encoder. What a checkpoint holds besides (heads that it was trained by) is named in <see cref="Extra"/>.</summary>
    /// <exception cref="InvalidDataException">Weights are missing or have other shapes than config.json implies; every one is named.</exception>
    public Bert Bert(WeightUse use = WeightUse.Single)
    {
        var config = BertConfig.Read(Path.Combine(Folder, "config.json"));
        var source = Source(use, "bert.");
        return Complete(new Bert(config, source.Root, withPooler: Weights.Weights.Any(w => w.Name.EndsWith("pooler.dense.weight", StringComparison.Ordinal))), source);
    }

    /// <summary>The encoder with its masked-language head; where the folder has none, with a new one.</summary>
    /// <param name="use">What for.</param>
    /// <param name="seed">Of a new head's weights.</param>
    /// <exception cref="InvalidDataException">Weights are missing or have other shapes than config.json implies; every one is named.</exception>
    public BertForMaskedLM BertForMaskedLM(WeightUse use, long seed)
    {
        var config = BertConfig.Read(Path.Combine(Folder, "config.json"));
        if (Weights.Find("cls.predictions.bias") is null) return Language.BertForMaskedLM.Over(Bert(use), seed);
        var source = new FolderParameters(Weights, use, name => name);
        return Complete(new BertForMaskedLM(config, source.Root), source);
    }

    /// <summary>The decoder: GPT-2, Llama, Qwen2 or Qwen3. Its texts end with the tokens that config.json names, and those of generation_config.json.</summary>
    /// <exception cref="InvalidDataException">It is another architecture, or weights are missing or have other shapes than config.json implies; every one is named.</exception>
    public CausalLanguageModel Decoder(WeightUse use = WeightUse.AsStored)
    {
        var config = Path.Combine(Folder, "config.json");
        switch (ModelType)
        {
            case "gpt2":
                var (gpt2, sizes) = (Bare(use, "transformer."), Gpt2Config.Read(config));
                return Complete(new Gpt2(sizes with { EndTokenIds = Ends(sizes.EndTokenIds) }, gpt2.Root), gpt2);
            case "llama" or "qwen2" or "qwen3":
                var (llama, widths) = (Bare(use, "model."), LlamaConfig.Read(config));
                return Complete(new Llama(widths with { EndTokenIds = Ends(widths.EndTokenIds) }, llama.Root), llama);
            default:
                throw new InvalidDataException($"{config}: model_type is {ModelType}; a decoder that is built here is gpt2, llama, qwen2 or qwen3.");
        }
    }

    /// <summary>A hash of all files that decide what the model says: configuration, tokenizer, chat template and weights, read in full.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(Folder).Where(f => Path.GetFileName(f) is "config.json" or "vocab.txt" or "vocab.json" or "merges.txt" or "tokenizer.json" or "tokenizer_config.json" or "chat_template.jinja"
            || Path.GetExtension(f) is ".safetensors" or ".bin").Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes a model's weights and configuration.</summary>
    /// <param name="folder">Where to; made when it isn't there.</param>
    /// <param name="model">The model; its parameters' names are the file's.</param>
    /// <param name="writeConfig">Writes config.json.</param>
    /// <param name="storage">In which precision, and in files of which size; null for single precision and the usual size.</param>
    /// <exception cref="InvalidDataException">A weight is too large for the precision.</exception>
    public static void Save(string folder, nn.Module model, Action<string> writeConfig, WeightStorage? storage = null)
    {
        storage ??= new();
        Directory.CreateDirectory(folder);
        WeightFolder.Write(folder, TensorWeights.Of(model, storage.Type), storage.ShardBytes);
        writeConfig(Path.Combine(folder, "config.json"));
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    // Models that were taught to converse end a turn with other tokens than a text, and say so in generation_config.json.
    private IReadOnlyList<int> Ends(IReadOnlyList<int> ids)
    {
        var path = Path.Combine(Folder, "generation_config.json");
        if (!File.Exists(path)) return ids;
        using var generation = ConfigFile.Open(path);
        return [.. ids.Union(generation.Ids("eos_token_id"))];
    }

    // Published checkpoints carry the base model's names bare or below a prefix, according to the head that they were saved with.
    private FolderParameters Source(WeightUse use, string prefix)
    {
        var prefixed = Weights.Weights.Any(w => w.Name.StartsWith(prefix, StringComparison.Ordinal));
        return new(Weights, use, prefixed ? name => prefix + name : name => name);
    }

    // Decoders keep the prefix in their own names; a folder that was saved without head has none.
    private FolderParameters Bare(WeightUse use, string prefix)
    {
        var prefixed = Weights.Weights.Any(w => w.Name.StartsWith(prefix, StringComparison.Ordinal));
        return new(Weights, use, prefixed ? name => name : name => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name);
    }

    private T Complete<T>(T model, FolderParameters source) where T : nn.Module
    {
        if (source.Missing.Count + source.Misshapen.Count > 0)
        {
            model.Dispose();
            throw new InvalidDataException($"{Folder}: the weights aren't those that config.json describes."
                + Listed("Missing", source.Missing) + Listed("Of another shape", source.Misshapen) + Listed("Not used", source.Extra) + " Take config.json and weights from the same place.");
        }
        (Extra, Absent) = (source.Extra, source.Absent);
        model.eval();
        return model;
    }

    /// <summary>Weights of the folder that the model last built from it has no place for, such as a head that it was trained by.</summary>
    public IReadOnlyList<string> Extra { get; private set; } = [];

    /// <summary>Biases that the architecture has and the folder hasn't, which the model last built from it therefore does without: they count as zero.</summary>
    public IReadOnlyList<string> Absent { get; private set; } = [];

    private static string Listed(string what, IReadOnlyList<string> names) => names.Count == 0 ? "" : $" {what} ({names.Count}): {string.Join(", ", names)}.";
}
