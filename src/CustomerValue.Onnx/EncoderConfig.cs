using System.Text.Json;
using CustomerValue.Text;

namespace CustomerValue.Onnx;

/// <summary>The non-linear function between the two halves of a feed-forward block.</summary>
internal enum Activation
{
    /// <summary>x times the normal distribution function of x.</summary>
    Gelu,

    /// <summary>The same by the approximation with tanh.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>Runs of neighbouring tokens, hashed to the rows of a table.</summary>
/// <param name="Buckets">Rows.</param>
/// <param name="Order">Tokens of the longest run; the shortest has two.</param>
/// <param name="Width">Numbers in a row.</param>
internal sealed record NGramConfig(int Buckets, int Order, int Width);

/// <summary>What a graph needs to know of a BERT encoder, from config.json.</summary>
/// <param name="Vocabulary">V: tokens.</param>
/// <param name="Width">H: numbers in a hidden state.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="AttentionHeads">N: heads of attention, each H / N wide.</param>
/// <param name="Inner">F: width inside a feed-forward block.</param>
/// <param name="Positions">P: most tokens in a text.</param>
/// <param name="TokenTypes">Kinds of segments; only the first is used.</param>
/// <param name="Activation">Non-linear function.</param>
/// <param name="Epsilon">Added to variances.</param>
/// <param name="NGrams">Runs of tokens that enter beside the tokens; null for none.</param>
internal sealed record EncoderConfig(int Vocabulary, int Width, int Layers, int AttentionHeads, int Inner, int Positions, int TokenTypes, Activation Activation, float Epsilon, NGramConfig? NGrams)
{
    private const int Most = 1 << 24;

    /// <summary>Reads the text of config.json.</summary>
    /// <param name="json">The document.</param>
    /// <param name="source">Its path, for messages.</param>
    /// <exception cref="InvalidDataException">It is no document, lacks a field, or tells of an encoder that can't be written as such a graph.</exception>
    public static EncoderConfig Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, source);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{source} is no JSON document: {error.Message} A model's folder has one that its maker wrote; copy it anew.", error);
        }
    }

    private static EncoderConfig Read(JsonElement root, string source)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{source} is {Kind(root)} where an object is expected.");
        var kind = Text(root, "model_type", "bert", source);
        if (kind is not ("bert" or "ngram-bert")) throw new InvalidDataException($"{source}: model_type is '{kind}'. Only encoders of the BERT kind (model_type 'bert' or 'ngram-bert') can be written as ONNX.");
        var positions = Text(root, "position_embedding_type", "absolute", source);
        if (positions != "absolute") throw new InvalidDataException($"{source}: position_embedding_type is '{positions}'. Only absolute positions can be written as ONNX.");
        if (root.TryGetProperty("is_decoder", out var decoder) && decoder.ValueKind == JsonValueKind.True)
            throw new InvalidDataException($"{source}: is_decoder is true. Only encoders, whose tokens see each other in both directions, can be written as ONNX.");
        var config = new EncoderConfig(
            Number(root, "vocab_size", source), Number(root, "hidden_size", source), Number(root, "num_hidden_layers", source), Number(root, "num_attention_heads", source),
            Number(root, "intermediate_size", source), Number(root, "max_position_embeddings", source), Number(root, "type_vocab_size", source, 2),
            Text(root, "hidden_act", "gelu", source) switch
            {
                "gelu" => Activation.Gelu,
                "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
                "relu" => Activation.Relu,
                var other => throw new InvalidDataException($"{source}: hidden_act is '{other}'. It can be gelu, gelu_new, gelu_pytorch_tanh or relu."),
            },
            Small(root, source),
            kind == "bert" ? null : new(Number(root, "ngram_buckets", source), Number(root, "ngram_order", source, 3), Number(root, "ngram_width", source, 64)));
        if (config.NGrams is { Order: < 2 or > NGramHash.LongestRun } runs) throw new InvalidDataException($"{source}: 'ngram_order' is {runs.Order}; a whole number from 2 to {NGramHash.LongestRun} is expected.");
        return config.Width % config.AttentionHeads == 0 ? config
            : throw new InvalidDataException($"{source}: hidden_size {config.Width} can't be shared among num_attention_heads {config.AttentionHeads}; it has to be a multiple.");
    }

    private static int Number(JsonElement root, string field, string source, int? otherwise = null)
    {
        if (!root.TryGetProperty(field, out var value)) return otherwise ?? throw new InvalidDataException($"{source} lacks '{field}', which a BERT encoder's has.");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 1 and <= Most ? number
            : throw new InvalidDataException($"{source}: '{field}' is {Kind(value)}; a whole number from 1 to {Most} is expected.");
    }

    private static float Small(JsonElement root, string source)
    {
        if (!root.TryGetProperty("layer_norm_eps", out var value)) return 1e-12f;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is > 0 and <= 1 ? (float)number
            : throw new InvalidDataException($"{source}: 'layer_norm_eps' is {Kind(value)}; a number above 0 and up to 1 is expected.");
    }

    private static string Text(JsonElement root, string field, string otherwise, string source) =>
        !root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
            : value.ValueKind == JsonValueKind.String ? value.GetString()!
            : throw new InvalidDataException($"{source}: '{field}' is {Kind(value)}; a text is expected.");

    private static string Kind(JsonElement value) => value.ValueKind is JsonValueKind.Object ? "an object" : value.ValueKind is JsonValueKind.Array ? "a list" : value.GetRawText();
}
