using CustomerValue.Text.Weights;
using CustomerValue.Torch.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>Sizes of a GPT-2, as config.json tells them.</summary>
public sealed record Gpt2Config
{
    /// <summary>V: tokens of the vocabulary.</summary>
    public int VocabSize { get; init => field = Check.Within(value, 1, 10_000_000); } = 8_000;

    /// <summary>P: longest text, in tokens.</summary>
    public int MaxPositions { get; init => field = Check.Within(value, 1, 1_000_000); } = 512;

    /// <summary>H: width of a hidden state.</summary>
    public int HiddenSize { get; init => field = Check.Within(value, 1, 65_536); } = 256;

    /// <summary>Layers.</summary>
    public int Layers { get; init => field = Check.Within(value, 1, 1_000); } = 4;

    /// <summary>N: attention heads; they divide the width.</summary>
    public int Heads { get; init => field = Check.Within(value, 1, 1_024); } = 4;

    /// <summary>I: width between the two products of a feed-forward block.</summary>
    public int IntermediateSize { get; init => field = Check.Within(value, 1, 1_000_000); } = 1_024;

    /// <summary>Activation of the feed-forward block.</summary>
    public string Activation { get; init => field = Activations.Known(value); } = "gelu_new";

    /// <summary>Added to the variance in layer norms.</summary>
    public double LayerNormEps { get; init => field = Check.Within(value, 0, 1); } = 1e-5;

    /// <summary>Share of hidden values dropped in training.</summary>
    public double Dropout { get; init => field = Check.Within(value, 0, 0.99); } = 0.1;

    /// <summary>Whether the head is the word table.</summary>
    public bool TiedHead { get; init; } = true;

    /// <summary>Standard deviation of new weights.</summary>
    public double InitializerRange { get; init => field = Check.Within(value, 0, 10); } = 0.02;

    /// <summary>Ids that end a text.</summary>
    public IReadOnlyList<int> EndTokenIds { get; init; } = [];

    /// <summary>Reads config.json.</summary>
    /// <exception cref="InvalidDataException">It isn't a GPT-2's, or asks for what isn't built here.</exception>
    public static Gpt2Config Read(string path)
    {
        using var json = ConfigFile.Open(path, "gpt2");
        json.RefuseFlag("scale_attn_by_inverse_layer_idx", expected: false);
        json.RefuseFlag("scale_attn_weights", expected: true);
        json.RefuseFlag("add_cross_attention", expected: false);
        json.RefuseQuantised();
        var config = json.Checked(() => new Gpt2Config
        {
            VocabSize = json.Number("vocab_size"), MaxPositions = json.Number("n_positions", 1_024), HiddenSize = json.Number("n_embd"), Layers = json.Number("n_layer"), Heads = json.Number("n_head"),
            IntermediateSize = json.Number("n_inner", 4 * json.Number("n_embd")), Activation = json.Text("activation_function", "gelu_new"), LayerNormEps = json.Real("layer_norm_epsilon", 1e-5),
            Dropout = json.Real("resid_pdrop", 0.1), TiedHead = json.Flag("tie_word_embeddings", true), InitializerRange = json.Real("initializer_range", 0.02), EndTokenIds = json.Ids("eos_token_id"),
        });
        return config.HiddenSize % config.Heads == 0 ? config : throw json.Refused("n_head", $"{config.Heads}", $"a divisor of n_embd {config.HiddenSize}");
    }

    /// <summary>Writes config.json, as other programs read it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="type">How the weights beside it are stored.</param>
    public void Write(string path, WeightType type = WeightType.Float32) => ConfigFile.Write(path, json =>
    {
        json.WriteString("activation_function", Activation);
        json.WriteStartArray("architectures");
        json.WriteStringValue("GPT2LMHeadModel");
        json.WriteEndArray();
        json.WriteNumber("attn_pdrop", 0);
        json.WriteNumber("embd_pdrop", Dropout);
        ConfigFile.WriteIds(json, "eos_token_id", EndTokenIds);
        json.WriteNumber("initializer_range", InitializerRange);
        json.WriteNumber("layer_norm_epsilon", LayerNormEps);
        json.WriteString("model_type", "gpt2");
        json.WriteNumber("n_embd", HiddenSize);
        json.WriteNumber("n_head", Heads);
        json.WriteNumber("n_inner", IntermediateSize);
        json.WriteNumber("n_layer", Layers);
        json.WriteNumber("n_positions", MaxPositions);
        json.WriteNumber("resid_pdrop", Dropout);
        json.WriteBoolean("tie_word_embeddings", TiedHead);
        json.WriteString("torch_dtype", WeightStorage.Name(type));
        json.WriteNumber("vocab_size", VocabSize);
    });
}

/// <summary>Every token looks at itself and at those before it.</summary>
internal sealed class Gpt2Attention : Module
{
    private readonly Linear c_attn, c_proj;
    private readonly Gpt2Config _config;
    private readonly int _layer;

    internal Gpt2Attention(Gpt2Config config, int layer, ParameterScope at) : base("attn")
    {
        (_config, _layer) = (config, layer);
        // Conv1D of the original: weights lie [in, out]. Some folders leave a bias out that is zero.
        c_attn = new(at[nameof(c_attn)], config.HiddenSize, 3 * config.HiddenSize, at.Has("c_attn.bias"), inputsFirst: true);
        c_proj = new(at[nameof(c_proj)], config.HiddenSize, config.HiddenSize, at.Has("c_proj.bias"), inputsFirst: true);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="view">Who may look at whom.</param>
    /// <param name="cache">What came before, or null.</param>
    /// <returns>[B, T, H].</returns>
    internal Tensor Forward(Tensor x, DecoderView view, KeyValueCache? cache)
    {
        var parts = c_attn.forward(x).chunk(3, -1);                                                     // 3 of [B, T, H]
        var (q, k, v) = (Split(parts[0]), Split(parts[1]), Split(parts[2]));                            // each [B, N, T, H/N]
        if (cache is not null) (k, v) = cache.Add(_layer, k, v);                                        // each [B, N, S + T, H/N]
        var mixed = F.scaled_dot_product_attention(q, k, v, view.Mask, 0, view.Causal);                 // [B, N, T, H/N]
        return DropoutMask.Apply(c_proj.forward(mixed.transpose(1, 2).reshape(x.shape)), _config.Dropout, training);
    }

    private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _config.Heads, _config.HiddenSize / _config.Heads).transpose(1, 2);
}

/// <summary>The feed-forward block.</summary>
internal sealed class Gpt2Mlp : Module
{
    private readonly Linear c_fc, c_proj;
    private readonly Gpt2Config _config;

    internal Gpt2Mlp(Gpt2Config config, ParameterScope at) : base("mlp")
    {
        _config = config;
        c_fc = new(at[nameof(c_fc)], config.HiddenSize, config.IntermediateSize, at.Has("c_fc.bias"), inputsFirst: true);
        c_proj = new(at[nameof(c_proj)], config.IntermediateSize, config.HiddenSize, at.Has("c_proj.bias"), inputsFirst: true);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <returns>[B, T, H].</returns>
    internal Tensor Forward(Tensor x) => DropoutMask.Apply(c_proj.forward(Activations.Apply(_config.Activation, c_fc.forward(x))), _config.Dropout, training);
}

/// <summary>One layer: norms come before attention and feed-forward block.</summary>
public sealed class Gpt2Block : Module
{
    private readonly LayerNorm ln_1, ln_2;
    private readonly Gpt2Attention attn;
    private readonly Gpt2Mlp mlp;

    internal Gpt2Block(Gpt2Config config, int layer, ParameterScope at) : base("h")
    {
        ln_1 = new(at[nameof(ln_1)], config.HiddenSize, config.LayerNormEps);
        attn = new(config, layer, at[nameof(attn)]);
        ln_2 = new(at[nameof(ln_2)], config.HiddenSize, config.LayerNormEps);
        mlp = new(config, at[nameof(mlp)]);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="view">Who may look at whom.</param>
    /// <param name="cache">What came before, or null.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope.</returns>
    internal Tensor Forward(Tensor x, DecoderView view, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(attn.Forward(ln_1.forward(x), view, cache));                                           // [B, T, H]
        return x.Plus(mlp.Forward(ln_2.forward(x))).MoveToOuterDisposeScope();                            // [B, T, H]
    }
}

/// <summary>The body: embeddings, layers, norm.</summary>
internal sealed class Gpt2Body : Module
{
    internal readonly Embedding wte, wpe;
    internal readonly ModuleList<Gpt2Block> h;
    internal readonly LayerNorm ln_f;

    internal Gpt2Body(Gpt2Config config, ParameterScope at) : base("transformer")
    {
        wte = new(at[nameof(wte)], config.VocabSize, config.HiddenSize);
        wpe = new(at[nameof(wpe)], config.MaxPositions, config.HiddenSize);
        h = new([.. Enumerable.Range(0, config.Layers).Select(i => new Gpt2Block(config, i, at[nameof(h)][i]))]);
        ln_f = new(at[nameof(ln_f)], config.HiddenSize, config.LayerNormEps);
        RegisterComponents();
    }
}

/// <summary>GPT-2. Its parameters have the names that Hugging Face's GPT2LMHeadModel gives them.</summary>
/// <remarks>Radford and others (2019), "Language Models are Unsupervised Multitask Learners".</remarks>
public sealed class Gpt2 : CausalLanguageModel, IRecomputes
{
    private readonly Gpt2Body transformer;
    private readonly Linear? lm_head;

    internal Gpt2(Gpt2Config config, ParameterScope at) : base("gpt2")
    {
        Config = config;
        transformer = new(config, at[nameof(transformer)]);
        if (!config.TiedHead) lm_head = new(at[nameof(lm_head)], config.HiddenSize, config.VocabSize, bias: false);
        RegisterComponents();
    }

    /// <summary>An untrained model.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="seed">Same seed, same weights, on any machine.</param>
    public static Gpt2 Create(Gpt2Config config, long seed) => new(config, new NewParameters(seed, config.InitializerRange).Root);

    /// <summary>Its sizes.</summary>
    public Gpt2Config Config { get; }

    /// <summary>The layers, the one closest to the text first.</summary>
    public IReadOnlyList<Gpt2Block> Layers => [.. transformer.h];

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
    public override Parameter Words => transformer.wte.Weight;

    /// <inheritdoc/>
    public override Tensor States(Tensor ids, Tensor? mask = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        Refuse(ids, cache);
        var view = DecoderView.Of(ids, mask, cache?.Length ?? 0);
        var x = Embedded(ids, view);                                                                    // [B, T, H]
        Tensor[] others = [.. view.Tensors];
        foreach (var layer in transformer.h)                                                            // [B, T, H]
            x = ((IRecomputes)this).Recomputes && cache is null ? Recomputed.Of((y, rest) => layer.Forward(y, view.With(rest, 0), null), x, others) : layer.Forward(x, view, cache);
        cache?.Advance(ids.shape[1]);
        return transformer.ln_f.forward(x).MoveToOuterDisposeScope();                                   // [B, T, H]
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> HiddenStates(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var view = DecoderView.Of(ids, null, 0);
        var states = new List<Tensor> { Embedded(ids, view) };
        foreach (var layer in transformer.h) states.Add(layer.Forward(states[^1], view, null));
        states[^1] = transformer.ln_f.forward(states[^1]);
        return [.. states.Select(s => s.MoveToOuterDisposeScope())];
    }

    /// <inheritdoc/>
    public override Tensor Logits(Tensor states) => lm_head?.forward(states) ?? HalfPrecision.Product(states, Words, null);

    private Tensor Embedded(Tensor ids, DecoderView view) => DropoutMask.Apply(transformer.wte.forward(ids).Plus(transformer.wpe.forward(view.Positions)), Config.Dropout, training);
}
