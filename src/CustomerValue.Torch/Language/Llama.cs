using System.Text.Json;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>How rotary positions are stretched for texts longer than a model was first trained on.</summary>
/// <param name="Kind">default, linear or llama3.</param>
/// <param name="Factor">How much longer.</param>
/// <param name="LowFrequency">llama3: wavelengths above the original length divided by this are stretched in full.</param>
/// <param name="HighFrequency">llama3: wavelengths below the original length divided by this aren't stretched.</param>
/// <param name="OriginalPositions">llama3: the length that the model was first trained on, in tokens.</param>
public sealed record RopeScaling(string Kind = "default", double Factor = 1, double LowFrequency = 1, double HighFrequency = 4, int OriginalPositions = 8_192);

/// <summary>Sizes of a model of the Llama family, as config.json tells them: Llama, Qwen2, Qwen3.</summary>
public sealed record LlamaConfig
{
    /// <summary>llama, qwen2 or qwen3.</summary>
    public string ModelType { get; init => field = value is "llama" or "qwen2" or "qwen3" ? value : throw new ArgumentOutOfRangeException(nameof(ModelType), value, $"'{value}' is none of llama, qwen2, qwen3."); } = "llama";

    /// <summary>V: tokens of the vocabulary.</summary>
    public int VocabSize { get; init => field = Check.Within(value, 1, 10_000_000); } = 8_000;

    /// <summary>H: width of a hidden state.</summary>
    public int HiddenSize { get; init => field = Check.Within(value, 1, 65_536); } = 256;

    /// <summary>I: width of the feed-forward block's middle.</summary>
    public int IntermediateSize { get; init => field = Check.Within(value, 1, 1_000_000); } = 704;

    /// <summary>Layers.</summary>
    public int Layers { get; init => field = Check.Within(value, 1, 1_000); } = 4;

    /// <summary>N: heads of queries.</summary>
    public int Heads { get; init => field = Check.Within(value, 1, 1_024); } = 4;

    /// <summary>G: heads of keys and values; they divide N.</summary>
    public int KeyValueHeads { get; init => field = Check.Within(value, 1, 1_024); } = 4;

    /// <summary>D: width of a head, even.</summary>
    public int HeadSize { get; init => field = Check.Within(value, 2, 65_536); } = 64;

    /// <summary>P: longest text, in tokens.</summary>
    public int MaxPositions { get; init => field = Check.Within(value, 1, 100_000_000); } = 2_048;

    /// <summary>Activation of the gate.</summary>
    public string Activation { get; init => field = Activations.Known(value); } = "silu";

    /// <summary>Added to the mean square in norms.</summary>
    public double NormEps { get; init => field = Check.Within(value, 0, 1); } = 1e-6;

    /// <summary>Base of the rotary wavelengths.</summary>
    public double RopeTheta { get; init => field = Check.Within(value, 1, 1e12); } = 10_000;

    /// <summary>How rotary positions are stretched.</summary>
    public RopeScaling RopeScaling { get; init; } = new();

    /// <summary>Whether the head is the word table.</summary>
    public bool TiedHead { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QueryBias { get; init; }

    /// <summary>Whether the product after attention has one.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the feed-forward block has them.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Standard deviation of new weights.</summary>
    public double InitializerRange { get; init => field = Check.Within(value, 0, 10); } = 0.02;

    /// <summary>Ids that end a text.</summary>
    public IReadOnlyList<int> EndTokenIds { get; init; } = [];

    /// <summary>Whether every head of queries and keys is normalised (Qwen3).</summary>
    public bool HeadNorms => ModelType == "qwen3";

    /// <summary>Reads config.json.</summary>
    /// <exception cref="InvalidDataException">It isn't of this family, or asks for what isn't built here.</exception>
    public static LlamaConfig Read(string path)
    {
        using var json = ConfigFile.Open(path, "llama", "qwen2", "qwen3");
        json.RefuseFlag("use_sliding_window", expected: false);
        json.RefuseQuantised();
        if (json.Find("layer_types") is { ValueKind: JsonValueKind.Array } kinds && kinds.EnumerateArray().Any(k => k.ValueKind != JsonValueKind.String || k.GetString() != "full_attention"))
            throw json.Refused("layer_types", kinds.GetRawText(), "full_attention in every layer; sliding windows aren't built here");
        var type = json.Text("model_type");
        var bias = json.Flag("attention_bias", type == "qwen2");
        var heads = json.Number("num_attention_heads");
        var config = json.Checked(() => new LlamaConfig
        {
            ModelType = type, VocabSize = json.Number("vocab_size"), HiddenSize = json.Number("hidden_size"), IntermediateSize = json.Number("intermediate_size"), Layers = json.Number("num_hidden_layers"),
            Heads = heads, KeyValueHeads = json.Number("num_key_value_heads", heads), HeadSize = json.Number("head_dim", type == "qwen3" ? 128 : json.Number("hidden_size") / Math.Max(1, heads)),
            MaxPositions = json.Number("max_position_embeddings", 2_048), Activation = json.Text("hidden_act", "silu"), NormEps = json.Real("rms_norm_eps", 1e-6),
            RopeTheta = Theta(json), RopeScaling = Scaling(json), TiedHead = json.Flag("tie_word_embeddings", false),
            QueryBias = type == "qwen2" || bias, OutputBias = type != "qwen2" && bias, MlpBias = json.Flag("mlp_bias", false),
            InitializerRange = json.Real("initializer_range", 0.02), EndTokenIds = json.Ids("eos_token_id"),
        });
        if (config.Heads % config.KeyValueHeads != 0) throw json.Refused("num_key_value_heads", $"{config.KeyValueHeads}", $"a divisor of num_attention_heads {config.Heads}");
        return config.HeadSize % 2 == 0 ? config : throw json.Refused("head_dim", $"{config.HeadSize}", "an even number: rotary positions turn pairs");
    }

    /// <summary>Writes config.json, as other programs read it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="type">How the weights beside it are stored.</param>
    public void Write(string path, WeightType type = WeightType.Float32) => ConfigFile.Write(path, json =>
    {
        json.WriteStartArray("architectures");
        json.WriteStringValue(ModelType switch { "qwen2" => "Qwen2ForCausalLM", "qwen3" => "Qwen3ForCausalLM", _ => "LlamaForCausalLM" });
        json.WriteEndArray();
        json.WriteBoolean("attention_bias", QueryBias && OutputBias);
        ConfigFile.WriteIds(json, "eos_token_id", EndTokenIds);
        json.WriteNumber("head_dim", HeadSize);
        json.WriteString("hidden_act", Activation);
        json.WriteNumber("hidden_size", HiddenSize);
        json.WriteNumber("initializer_range", InitializerRange);
        json.WriteNumber("intermediate_size", IntermediateSize);
        json.WriteNumber("max_position_embeddings", MaxPositions);
        json.WriteBoolean("mlp_bias", MlpBias);
        json.WriteString("model_type", ModelType);
        json.WriteNumber("num_attention_heads", Heads);
        json.WriteNumber("num_hidden_layers", Layers);
        json.WriteNumber("num_key_value_heads", KeyValueHeads);
        json.WriteNumber("rms_norm_eps", NormEps);
        if (RopeScaling.Kind != "default")
        {
            json.WriteStartObject("rope_scaling");
            json.WriteNumber("factor", RopeScaling.Factor);
            json.WriteNumber("high_freq_factor", RopeScaling.HighFrequency);
            json.WriteNumber("low_freq_factor", RopeScaling.LowFrequency);
            json.WriteNumber("original_max_position_embeddings", RopeScaling.OriginalPositions);
            json.WriteString("rope_type", RopeScaling.Kind);
            json.WriteEndObject();
        }
        json.WriteNumber("rope_theta", RopeTheta);
        json.WriteBoolean("tie_word_embeddings", TiedHead);
        json.WriteString("torch_dtype", WeightStorage.Name(type));
        json.WriteBoolean("use_sliding_window", false);
        json.WriteNumber("vocab_size", VocabSize);
    });

    /// <summary>Angle that each pair of a head turns by from one position to the next, in radians: [D / 2].</summary>
    internal float[] Frequencies()
    {
        var frequencies = Enumerable.Range(0, HeadSize / 2).Select(i => 1 / Math.Pow(RopeTheta, 2.0 * i / HeadSize));
        return [.. frequencies.Select(f => (float)(RopeScaling.Kind switch { "linear" => f / RopeScaling.Factor, "llama3" => Llama3(f), _ => f }))];
    }

    // Llama 3.1: long wavelengths are stretched in full, short ones not at all, those between in proportion.
    private double Llama3(double frequency)
    {
        var turns = RopeScaling.OriginalPositions * frequency / (2 * Math.PI);                          // in the original length
        var kept = Math.Clamp((turns - RopeScaling.LowFrequency) / (RopeScaling.HighFrequency - RopeScaling.LowFrequency), 0, 1);
        return kept * frequency + (1 - kept) * frequency / RopeScaling.Factor;
    }

    // Newer folders keep both in rope_parameters, older ones in rope_theta and rope_scaling.
    private static double Theta(ConfigFile json) => json.Find("rope_parameters") is { ValueKind: JsonValueKind.Object } rope && rope.TryGetProperty("rope_theta", out var theta) && theta.ValueKind == JsonValueKind.Number
        ? theta.GetDouble() : json.Real("rope_theta", 10_000);

    private static RopeScaling Scaling(ConfigFile json)
    {
        var name = json.Has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        if (json.Find(name) is not { } rope) return new();
        if (rope.ValueKind != JsonValueKind.Object) throw json.Refused(name, rope.GetRawText(), "an object");
        double Real(string key, double otherwise) => !rope.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null ? otherwise
            : value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and < 1e9 and var number ? number : throw json.Refused($"{name}.{key}", value.GetRawText(), "a number above 0");
        var kind = rope.TryGetProperty("rope_type", out var type) || rope.TryGetProperty("type", out type) ? type.ToString() : "default";
        return kind switch
        {
            "default" => new(),
            "linear" => new("linear", Real("factor", 1)),
            "llama3" => new("llama3", Real("factor", 1), Real("low_freq_factor", 1), Real("high_freq_factor", 4), (int)Real("original_max_position_embeddings", 8_192)),
            _ => throw json.Refused($"{name}.rope_type", kind, "default, linear or llama3"),
        };
    }
}

/// <summary>Scales the last dimension by its root mean square.</summary>
/// <remarks>Zhang and Sennrich (2019), "Root Mean Square Layer Normalization".</remarks>
internal sealed class RmsNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double _eps;

    internal RmsNorm(ParameterScope at, long width, double eps) : base(nameof(RmsNorm))
    {
        (weight, _eps) = (at.Get(nameof(weight), width), eps);
        RegisterComponents();
    }

    /// <param name="x">[..., H].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var scale = (x * x).mean([-1], keepdim: true).Plus(_eps).rsqrt();                              // [..., 1]
        return (x * scale * HalfPrecision.Single(weight)).MoveToOuterDisposeScope();
    }
}

/// <summary>Turns pairs of a head's values by an angle that grows with the position, so that a product of two depends on their distance.</summary>
/// <remarks>Su and others (2021), "RoFormer". The pairs are (i, i + D/2): the half-split form of the published weights.</remarks>
internal sealed record Rotation(Tensor Cos, Tensor Sin)
{
    /// <param name="positions">[B or 1, T].</param>
    /// <param name="frequencies">[D / 2].</param>
    /// <returns>Cosine and sine, [B or 1, 1, T, D/2]; owned by the caller's dispose scope.</returns>
    internal static Rotation At(Tensor positions, float[] frequencies)
    {
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * tensor(frequencies, device: positions.device);   // [B, T, D/2]
        return new(angles.cos().unsqueeze(1), angles.sin().unsqueeze(1));
    }

    /// <param name="x">[B, N, T, D].</param>
    /// <returns>[B, N, T, D]; owned by the caller's dispose scope.</returns>
    internal Tensor Turn(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1);                                                                    // 2 of [B, N, T, D/2]
        return cat([halves[0] * Cos - halves[1] * Sin, (halves[1] * Cos).Plus(halves[0] * Sin)], -1).MoveToOuterDisposeScope();
    }
}

/// <summary>Grouped-query attention: several heads of queries share one of keys and values.</summary>
internal sealed class LlamaAttention : Module
{
    private readonly Linear q_proj, k_proj, v_proj, o_proj;
    private readonly RmsNorm? q_norm, k_norm;
    private readonly LlamaConfig _config;
    private readonly int _layer;

    internal LlamaAttention(LlamaConfig config, int layer, ParameterScope at) : base("self_attn")
    {
        (_config, _layer) = (config, layer);
        q_proj = new(at[nameof(q_proj)], config.HiddenSize, config.Heads * config.HeadSize, config.QueryBias);
        k_proj = new(at[nameof(k_proj)], config.HiddenSize, config.KeyValueHeads * config.HeadSize, config.QueryBias);
        v_proj = new(at[nameof(v_proj)], config.HiddenSize, config.KeyValueHeads * config.HeadSize, config.QueryBias);
        o_proj = new(at[nameof(o_proj)], config.Heads * config.HeadSize, config.HiddenSize, config.OutputBias);
        if (config.HeadNorms) (q_norm, k_norm) = (new(at[nameof(q_norm)], config.HeadSize, config.NormEps), new(at[nameof(k_norm)], config.HeadSize, config.NormEps));
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="rotation">Positions.</param>
    /// <param name="view">Who may look at whom.</param>
    /// <param name="cache">What came before, or null.</param>
    /// <returns>[B, T, H].</returns>
    internal Tensor Forward(Tensor x, Rotation rotation, DecoderView view, KeyValueCache? cache)
    {
        var (batch, count, group) = (x.shape[0], x.shape[1], _config.Heads / _config.KeyValueHeads);
        var (q, k, v) = (Split(q_proj.forward(x), q_norm), Split(k_proj.forward(x), k_norm), Split(v_proj.forward(x), null));   // [B, N, T, D]; [B, G, T, D] twice
        (q, k) = (rotation.Turn(q), rotation.Turn(k));
        if (cache is not null) (k, v) = cache.Add(_layer, k, v);                                        // each [B, G, S + T, D]
        Tensor mixed;
        if (count == 1 && group > 1)
        {
            // One token: the heads of a group are queries of one head, and keys needn't be repeated.
            var queries = q.view(batch, _config.KeyValueHeads, group, _config.HeadSize);                // [B, G, N/G, D]
            mixed = F.scaled_dot_product_attention(queries, k, v, view.Mask, 0, false).view(q.shape);   // [B, N, 1, D]
        }
        else mixed = F.scaled_dot_product_attention(q, Repeated(k, group), Repeated(v, group), view.Mask, 0, view.Causal);      // [B, N, T, D]
        return o_proj.forward(mixed.transpose(1, 2).reshape(batch, count, -1));                         // [B, T, H]
    }

    private Tensor Split(Tensor x, RmsNorm? norm)
    {
        var heads = x.view(x.shape[0], x.shape[1], -1, _config.HeadSize);                               // [B, T, N, D]
        return (norm is null ? heads : norm.forward(heads)).transpose(1, 2);                            // [B, N, T, D]
    }

    // [B, G, S, D] -> [B, N, S, D], each head as often as its group is large.
    private static Tensor Repeated(Tensor x, int group) => group == 1 ? x
        : x.unsqueeze(2).expand(x.shape[0], x.shape[1], group, x.shape[2], x.shape[3]).reshape(x.shape[0], x.shape[1] * group, x.shape[2], x.shape[3]);
}

/// <summary>SwiGLU: a product gated by another one.</summary>
/// <remarks>Shazeer (2020), "GLU Variants Improve Transformer".</remarks>
internal sealed class LlamaMlp : Module
{
    private readonly Linear gate_proj, up_proj, down_proj;
    private readonly string _activation;

    internal LlamaMlp(LlamaConfig config, ParameterScope at) : base("mlp")
    {
        _activation = config.Activation;
        gate_proj = new(at[nameof(gate_proj)], config.HiddenSize, config.IntermediateSize, config.MlpBias);
        up_proj = new(at[nameof(up_proj)], config.HiddenSize, config.IntermediateSize, config.MlpBias);
        down_proj = new(at[nameof(down_proj)], config.IntermediateSize, config.HiddenSize, config.MlpBias);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <returns>[B, T, H].</returns>
    internal Tensor Forward(Tensor x) => down_proj.forward(Activations.Apply(_activation, gate_proj.forward(x)) * up_proj.forward(x));   // [B, T, I] inside
}

/// <summary>One layer: norms come before attention and feed-forward block.</summary>
public sealed class LlamaBlock : Module
{
    private readonly RmsNorm input_layernorm, post_attention_layernorm;
    private readonly LlamaAttention self_attn;
    private readonly LlamaMlp mlp;

    internal LlamaBlock(LlamaConfig config, int layer, ParameterScope at) : base("layers")
    {
        self_attn = new(config, layer, at[nameof(self_attn)]);
        mlp = new(config, at[nameof(mlp)]);
        input_layernorm = new(at[nameof(input_layernorm)], config.HiddenSize, config.NormEps);
        post_attention_layernorm = new(at[nameof(post_attention_layernorm)], config.HiddenSize, config.NormEps);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="rotation">Positions.</param>
    /// <param name="view">Who may look at whom.</param>
    /// <param name="cache">What came before, or null.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope.</returns>
    internal Tensor Forward(Tensor x, Rotation rotation, DecoderView view, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(self_attn.Forward(input_layernorm.forward(x), rotation, view, cache));                 // [B, T, H]
        return x.Plus(mlp.Forward(post_attention_layernorm.forward(x))).MoveToOuterDisposeScope();        // [B, T, H]
    }
}

/// <summary>The body: embeddings, layers, norm.</summary>
internal sealed class LlamaBody : Module
{
    internal readonly Embedding embed_tokens;
    internal readonly ModuleList<LlamaBlock> layers;
    internal readonly RmsNorm norm;

    internal LlamaBody(LlamaConfig config, ParameterScope at) : base("model")
    {
        embed_tokens = new(at[nameof(embed_tokens)], config.VocabSize, config.HiddenSize);
        layers = new([.. Enumerable.Range(0, config.Layers).Select(i => new LlamaBlock(config, i, at[nameof(layers)][i]))]);
        norm = new(at[nameof(norm)], config.HiddenSize, config.NormEps);
        RegisterComponents();
    }
}

/// <summary>Llama, Qwen2 or Qwen3. Its parameters have the names that Hugging Face's ...ForCausalLM gives them.</summary>
/// <remarks>Touvron and others (2023), "LLaMA"; Yang and others (2024), "Qwen2 Technical Report"; Qwen team (2025), "Qwen3 Technical Report".</remarks>
public sealed class Llama : CausalLanguageModel, IRecomputes
{
    private readonly LlamaBody model;
    private readonly Linear? lm_head;
    private readonly float[] _frequencies;

    internal Llama(LlamaConfig config, ParameterScope at) : base("llama")
    {
        (Config, _frequencies) = (config, config.Frequencies());
        model = new(config, at[nameof(model)]);
        if (!config.TiedHead) lm_head = new(at[nameof(lm_head)], config.HiddenSize, config.VocabSize, bias: false);
        RegisterComponents();
    }

    /// <summary>An untrained model.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="seed">Same seed, same weights, on any machine.</param>
    public static Llama Create(LlamaConfig config, long seed) => new(config, new NewParameters(seed, config.InitializerRange).Root);

    /// <summary>Its sizes.</summary>
    public LlamaConfig Config { get; }

    /// <summary>The layers, the one closest to the text first.</summary>
    public IReadOnlyList<LlamaBlock> Layers => [.. model.layers];

    /// <inheritdoc/>
    public override int VocabSize => Config.VocabSize;

    /// <inheritdoc/>
    public override int HiddenSize => Config.HiddenSize;

    bool IRecomputes.Recomputes { get; set; }

    /// <inheritdoc/>
    public override int MaxPositions => Config.MaxPositions;

    /// <inheritdoc/>
    public override IReadOnlyList<int> EndTokenIds => Config.EndTokenIds;

    /// <inheritdoc/>
    public override Parameter Words => model.embed_tokens.Weight;

    /// <inheritdoc/>
    public override Tensor States(Tensor ids, Tensor? mask = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        Refuse(ids, cache);
        var view = DecoderView.Of(ids, mask, cache?.Length ?? 0);
        var rotation = Rotation.At(view.Positions, _frequencies);
        var x = model.embed_tokens.forward(ids);                                                        // [B, T, H]
        Tensor[] others = [rotation.Cos, rotation.Sin, .. view.Tensors];
        foreach (var layer in model.layers)                                                             // [B, T, H]
            x = ((IRecomputes)this).Recomputes && cache is null ? Recomputed.Of((y, rest) => layer.Forward(y, new(rest[0], rest[1]), view.With(rest, 2), null), x, others) : layer.Forward(x, rotation, view, cache);
        cache?.Advance(ids.shape[1]);
        return model.norm.forward(x).MoveToOuterDisposeScope();                                         // [B, T, H]
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> HiddenStates(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var view = DecoderView.Of(ids, null, 0);
        var rotation = Rotation.At(view.Positions, _frequencies);
        var states = new List<Tensor> { model.embed_tokens.forward(ids) };
        foreach (var layer in model.layers) states.Add(layer.Forward(states[^1], rotation, view, null));
        states[^1] = model.norm.forward(states[^1]);
        return [.. states.Select(s => s.MoveToOuterDisposeScope())];
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor states) => lm_head?.forward(states) ?? HalfPrecision.Product(states, Words, null);
}
