using System.Globalization;
using CustomerValue.Text;

namespace CustomerValue.Onnx;

/// <summary>How exact a graph's numbers are.</summary>
public enum OnnxPrecision
{
    /// <summary>32-bit floats throughout.</summary>
    Single,

    /// <summary>Weights and the activations that meet them in 8 bits (dynamic quantisation); everything else stays 32-bit. A quarter of the size, and two to three times as fast.
    /// The scale of the activations is a whole batch's, so an answer depends in its last digits on the texts beside it.</summary>
    Int8,

    /// <summary>Weights in 8 bits, all that is computed in 32: a quarter of the size, as fast as in 32 bits, and a text gets its answer whatever stands beside it.</summary>
    Int8Weights,
}

/// <summary>How a graph is written.</summary>
public sealed record OnnxGraphOptions
{
    /// <summary>How exact its numbers are.</summary>
    public OnnxPrecision Precision { get; init; } = OnnxPrecision.Single;

    /// <summary>Bits of 8-bit weights: 8, or 7 for programs that run the model on processors without VNNI, where sums of two full products overflow. <see cref="OnnxTextEncoder"/> needs
    /// no 7: it asks ONNX Runtime to avoid the overflow.</summary>
    public int WeightBits { get; init => field = Check.Within(value, 7, 8); } = 8;
}

/// <summary>What a graph is made from.</summary>
/// <param name="Config">Text of the encoder's config.json.</param>
/// <param name="Weights">The encoder's weights, by the names of a published BertModel without prefix (embeddings.word_embeddings.weight); throws when there is none of that name.</param>
/// <param name="Heads">Its heads; null for an encoder that only embeds (mean over the tokens).</param>
/// <param name="HeadWeights">The heads' weights, by NAME.weight, NAME.bias, NAME.thresholds; null where there are no heads.</param>
public sealed record OnnxSource(string Config, Func<string, (long[] Shape, float[] Values)> Weights, TextHeads? Heads = null, Func<string, (long[] Shape, float[] Values)>? HeadWeights = null);

/// <summary>
/// Writes a BERT encoder with its heads as an ONNX model: operators of opset 17, any number of texts of any length.
/// Inputs: input_ids and attention_mask, int64 [batch, sequence]; every token is of type 0. Outputs: last_hidden_state [batch, sequence, H]; embedding [batch, H], pooled as the heads
/// say (mean without heads) and not normalised; for each head, under its name, probabilities of the labels [batch, K], or a regression's value in the target's unit [batch, 1].
/// </summary>
public static class OnnxGraphWriter
{
    private const string Dynamic = "int8";

    private static readonly string[] s_taken = [BertGraph.Ids, BertGraph.Mask, BertGraph.HiddenStates, BertGraph.Embedding];

    /// <summary>Writes the model's file, whole or not at all; the same source gives the same bytes.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidDataException">The configuration is of another kind, a weight is of another shape or not finite, or heads don't fit.</exception>
    public static long Write(OnnxSource source, string path, OnnxGraphOptions? options = null)
    {
        var model = Model(source, options ?? new());
        if (model.Size >= int.MaxValue)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The model would take {model.Size:#,0} bytes; a file of this format ends at 2 GB. Write it with 8-bit weights."));
        using (var stream = new FileStream(path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20)) model.WriteTo(stream);
        File.Move(path + ".part", path, overwrite: true);
        return model.Size;
    }

    /// <summary>The model's bytes.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] ToBytes(OnnxSource source, OnnxGraphOptions? options = null) => Model(source, options ?? new()).ToArray();

    private static ProtoMessage Model(OnnxSource source, OnnxGraphOptions options)
    {
        Refuse(source.Heads);
        if (source.Heads is { Heads.Count: > 0 } && source.HeadWeights is null) throw new ArgumentException("There are heads, and no weights of theirs: give HeadWeights too.", nameof(source));
        var config = EncoderConfig.Parse(source.Config, "config.json");
        var graph = new BertGraph(config, source.Weights, options.Precision, options.WeightBits).Build(source.Heads, source.HeadWeights);
        return OnnxMessages.Model(graph, [("", BertGraph.Opset)], "CustomerValue",
        [
            ("precision", options.Precision switch
            {
                OnnxPrecision.Single => "fp32",
                OnnxPrecision.Int8Weights => "int8 weights, fp32 activations",
                _ => string.Create(CultureInfo.InvariantCulture, $"{Dynamic}, weights of {options.WeightBits} bits"),
            }),
            ("pooling", (source.Heads?.Pooling ?? Pooling.Mean).ToString().ToLowerInvariant()),
            ("width", config.Width.ToString(CultureInfo.InvariantCulture)),
            ("vocabulary", config.Vocabulary.ToString(CultureInfo.InvariantCulture)),
            ("max_tokens", Math.Min(config.Positions, source.Heads?.MaxTokens ?? config.Positions).ToString(CultureInfo.InvariantCulture)),
            .. (source.Heads?.Heads ?? []).Select(h => ("output " + h.Name, h.Kind == HeadKind.Regression ? "value in the target's unit" : $"probabilities of {string.Join(", ", h.Labels)}")),
        ]);
    }

    /// <summary>Whether the answers of a model of that precision, as its metadata tells it, depend on the texts beside a text.</summary>
    internal static bool DependsOnBatch(string precision) => precision.StartsWith(Dynamic + ",", StringComparison.Ordinal);

    private static void Refuse(TextHeads? heads)
    {
        foreach (var head in heads?.Heads ?? [])
        {
            if (head.Name.Length == 0 || head.Name.StartsWith('/') || s_taken.Contains(head.Name))
                throw new InvalidDataException($"A head can't be called '{head.Name}': the graph's own values are called so ({string.Join(", ", s_taken)}, and what begins with /). Give it another name.");
            if (head.Kind != HeadKind.Regression && head.Labels.Count < 2)
                throw new InvalidDataException($"Head '{head.Name}' has {head.Labels.Count} labels; at least two are expected.");
        }
        if (heads?.Heads.GroupBy(h => h.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InvalidDataException($"{twice.Count()} heads are called '{twice.Key}'; names must differ.");
    }
}
