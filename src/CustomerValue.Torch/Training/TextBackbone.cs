using System.Text.RegularExpressions;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>A network that reads texts, encoder or decoder, with its tokenizer: what heads, pooling and adapters need to know of either.</summary>
public sealed partial class TextBackbone : IDisposable
{
    private static readonly string[] s_tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", "chat_template.jinja", "generation_config.json"];
    private readonly string _tokenizerFolder;
    private readonly Func<Tensor, Tensor?, Tensor> _states;
    private readonly Action<string, WeightType> _writeConfig;
    private readonly HuggingFaceFolder? _mapped;

    private TextBackbone(nn.Module network, int hidden, int positions, Func<Tensor, Tensor?, Tensor> states, Action<string, WeightType> writeConfig, string tokenizerFolder, HuggingFaceFolder? mapped)
    {
        (Network, HiddenSize, MaxPositions, _states, _writeConfig, _tokenizerFolder, _mapped) = (network, hidden, positions, states, writeConfig, tokenizerFolder, mapped);
        Tokenizer = HuggingFaceTokenizer.Open(tokenizerFolder);
        Layers = network.named_parameters().Max(p => LayerName().Match(p.name) is { Success: true } found ? int.Parse(found.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) + 1 : 0);
    }

    /// <summary>The network.</summary>
    public nn.Module Network { get; }

    /// <summary>Whether each token sees only those before it, so that the last one sees most.</summary>
    public bool IsDecoder => Network is CausalLanguageModel;

    /// <summary>Its tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>H.</summary>
    public int HiddenSize { get; }

    /// <summary>Longest text, in tokens.</summary>
    public int MaxPositions { get; }

    /// <summary>Layers above the embeddings.</summary>
    public int Layers { get; }

    /// <summary>Opens a Hugging Face folder: a BERT, or one of the decoders.</summary>
    /// <param name="folder">config.json, weights and tokenizer.</param>
    /// <param name="use">Whether it is to learn or to answer.</param>
    public static TextBackbone Open(string folder, WeightUse use)
    {
        var opened = HuggingFaceFolder.Open(folder);
        var kept = use == WeightUse.Train ? null : opened;             // what learns has its own memory; what answers reads the mapped files
        try
        {
            if (BertConfig.IsKnown(opened.ModelType)) return Of(opened.Bert(use), folder, kept);
            var decoder = opened.Decoder(use);
            Action<string, WeightType> write = decoder switch
            {
                Gpt2 gpt => gpt.Config.Write,
                Llama llama => llama.Config.Write,
                _ => throw new NotSupportedException($"{folder}: a {opened.ModelType} can't be written."),
            };
            return new(decoder, decoder.HiddenSize, decoder.MaxPositions, (ids, mask) => decoder.States(ids, mask), write, folder, kept);
        }
        finally
        {
            if (kept is null) opened.Dispose();
        }
    }

    /// <summary>An encoder that was made here.</summary>
    /// <param name="encoder">The encoder; it belongs to the backbone from now on.</param>
    /// <param name="tokenizerFolder">A folder with its vocabulary.</param>
    public static TextBackbone Of(Bert encoder, string tokenizerFolder) => Of(encoder, tokenizerFolder, null);

    private static TextBackbone Of(Bert encoder, string folder, HuggingFaceFolder? mapped) =>
        new(encoder, encoder.Config.HiddenSize, encoder.Config.MaxPositions, encoder.forward, (path, type) => encoder.Config.Write(path, type: type), folder, mapped);

    /// <summary>Hidden states [B, T, H] of ids [B, T]; owned by the caller's dispose scope.</summary>
    internal Tensor States(Tensor ids, Tensor? mask) => _states(ids, mask);

    /// <summary>A text's layer-wise place of a parameter: 0 for the embeddings, 1 for the layer above them, and one above the last layer for what follows it.</summary>
    internal int PlaceOf(string parameter)
    {
        if (LayerName().Match(parameter) is { Success: true } found) return int.Parse(found.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) + 1;
        return parameter.Contains("embed", StringComparison.Ordinal) || parameter.Contains("wte", StringComparison.Ordinal) || parameter.Contains("wpe", StringComparison.Ordinal) ? 0 : Layers + 1;
    }

    /// <summary>Writes config.json, the weights and the tokenizer's files, with the chat template and what ends an answer where the model has them.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="storage">In which precision, and in files of which size; null for single precision and the usual size.</param>
    /// <exception cref="InvalidDataException">A weight is too large for the precision.</exception>
    public void Save(string folder, WeightStorage? storage = null)
    {
        storage ??= new();
        HuggingFaceFolder.Save(folder, Network, path => _writeConfig(path, storage.Type), storage);
        foreach (var name in s_tokenizerFiles.Where(name => File.Exists(Path.Combine(_tokenizerFolder, name))))
            if (Path.GetFullPath(folder) != Path.GetFullPath(_tokenizerFolder)) File.Copy(Path.Combine(_tokenizerFolder, name), Path.Combine(folder, name), overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        _mapped?.Dispose();
    }

    [GeneratedRegex(@"(?:^|\.)(?:layer|layers|h)\.(\d+)\.")]
    private static partial Regex LayerName();
}
