using CustomerValue.Text;
using CustomerValue.Text.Weights;
using CustomerValue.Torch.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace CustomerValue.Torch.Language;

/// <summary>Sizes of a BERT encoder, as config.json tells them.</summary>
public sealed record BertConfig
{
    /// <summary>V: tokens of the vocabulary.</summary>
    public int VocabSize { get; init => field = Check.Within(value, 1, 10_000_000); } = 8_000;

    /// <summary>H: width of a hidden state.</summary>
    public int HiddenSize { get; init => field = Check.Within(value, 1, 65_536); } = 256;

    /// <summary>Layers.</summary>
    public int Layers { get; init => field = Check.Within(value, 1, 1_000); } = 4;

    /// <summary>N: attention heads of a layer; they divide the width.</summary>
    public int Heads { get; init => field = Check.Within(value, 1, 1_024); } = 4;

    /// <summary>I: width between the two products of a feed-forward block.</summary>
    public int IntermediateSize { get; init => field = Check.Within(value, 1, 1_000_000); } = 1_024;

    /// <summary>P: longest text, in tokens.</summary>
    public int MaxPositions { get; init => field = Check.Within(value, 1, 1_000_000); } = 512;

    /// <summary>Kinds of token: first and second text.</summary>
    public int TokenTypes { get; init => field = Check.Within(value, 1, 1_000); } = 2;

    /// <summary>Activation of the feed-forward block: gelu, gelu_new, gelu_pytorch_tanh or relu.</summary>
    public string Activation { get; init => field = Activations.Known(value); } = "gelu";

    /// <summary>Added to the variance in layer norms.</summary>
    public double LayerNormEps { get; init => field = Check.Within(value, 0, 1); } = 1e-12;

    /// <summary>Share of hidden values dropped in training.</summary>
    public double HiddenDropout { get; init => field = Check.Within(value, 0, 0.99); } = 0.1;

    /// <summary>Share of attention weights dropped in training. 0, whatever a published config.json says: with dropout, attention leaves its fast path and takes ten times as long.</summary>
    public double AttentionDropout { get; init => field = Check.Within(value, 0, 0.99); }

    /// <summary>Standard deviation of new weights.</summary>
    public double InitializerRange { get; init => field = Check.Within(value, 0, 10); } = 0.02;

    /// <summary>Id that fills rows of a batch.</summary>
    public int PadTokenId { get; init => field = Check.Within(value, 0, 10_000_000); }

    /// <summary>Vectors that runs of neighbouring tokens are hashed to; 0 for an encoder that sees single tokens, as published ones do. See <see cref="NGramEmbeddings"/>.</summary>
    public int NGramBuckets { get; init => field = Check.Within(value, 0, 1 << 24); }

    /// <summary>Longest run: 2 for pairs, 3 for pairs and triples.</summary>
    public int NGramOrder { get; init => field = Check.Within(value, 2, NGramHash.LongestRun); } = 3;

    /// <summary>Width of a run's vector, before it is brought to the hidden width.</summary>
    public int NGramWidth { get; init => field = Check.Within(value, 1, 65_536); } = 64;

    /// <summary>The kind that config.json tells. Runs have a kind of their own, so that programs that don't know them refuse the folder and don't answer without.</summary>
    public string ModelType => NGramBuckets > 0 ? NGramType : PlainType;

    internal const string PlainType = "bert", NGramType = "ngram-bert";

    internal static bool IsKnown(string modelType) => modelType is PlainType or NGramType;

    /// <summary>Reads config.json.</summary>
    /// <exception cref="InvalidDataException">It isn't a BERT's, or asks for what isn't built here.</exception>
    public static BertConfig Read(string path)
    {
        using var json = ConfigFile.Open(path, PlainType, NGramType);
        if (json.Text("position_embedding_type", "absolute") is not "absolute" and var positions) throw json.Refused("position_embedding_type", positions, "absolute");
        if (json.Flag("is_decoder", false)) throw json.Refused("is_decoder", "true", "false: an encoder");
        var config = json.Checked(() => new BertConfig
        {
            VocabSize = json.Number("vocab_size"), HiddenSize = json.Number("hidden_size"), Layers = json.Number("num_hidden_layers"), Heads = json.Number("num_attention_heads"),
            IntermediateSize = json.Number("intermediate_size"), MaxPositions = json.Number("max_position_embeddings"), TokenTypes = json.Number("type_vocab_size", 2),
            Activation = json.Text("hidden_act", "gelu"), LayerNormEps = json.Real("layer_norm_eps", 1e-12), HiddenDropout = json.Real("hidden_dropout_prob", 0.1),
            InitializerRange = json.Real("initializer_range", 0.02), PadTokenId = json.Number("pad_token_id", 0),
            NGramBuckets = json.Text("model_type") == NGramType ? json.Number("ngram_buckets") : 0, NGramOrder = json.Number("ngram_order", 3), NGramWidth = json.Number("ngram_width", 64),
        });
        return config.HiddenSize % config.Heads == 0 ? config : throw json.Refused("num_attention_heads", $"{config.Heads}", $"a divisor of hidden_size {config.HiddenSize}");
    }

    /// <summary>Writes config.json, as other programs read it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="architecture">Such as BertModel or BertForMaskedLM.</param>
    /// <param name="type">How the weights beside it are stored.</param>
    public void Write(string path, string architecture = "BertModel", WeightType type = WeightType.Float32) => ConfigFile.Write(path, json =>
    {
        json.WriteStartArray("architectures");
        json.WriteStringValue(architecture);
        json.WriteEndArray();
        json.WriteNumber("attention_probs_dropout_prob", AttentionDropout);
        json.WriteString("hidden_act", Activation);
        json.WriteNumber("hidden_dropout_prob", HiddenDropout);
        json.WriteNumber("hidden_size", HiddenSize);
        json.WriteNumber("initializer_range", InitializerRange);
        json.WriteNumber("intermediate_size", IntermediateSize);
        json.WriteNumber("layer_norm_eps", LayerNormEps);
        json.WriteNumber("max_position_embeddings", MaxPositions);
        json.WriteString("model_type", ModelType);
        if (NGramBuckets > 0)
        {
            json.WriteNumber("ngram_buckets", NGramBuckets);
            json.WriteNumber("ngram_order", NGramOrder);
            json.WriteNumber("ngram_width", NGramWidth);
        }
        json.WriteNumber("num_attention_heads", Heads);
        json.WriteNumber("num_hidden_layers", Layers);
        json.WriteNumber("pad_token_id", PadTokenId);
        json.WriteString("position_embedding_type", "absolute");
        json.WriteString("torch_dtype", WeightStorage.Name(type));
        json.WriteNumber("type_vocab_size", TokenTypes);
        json.WriteNumber("vocab_size", VocabSize);
    });
}

/// <summary>What a token, its place and its kind bring, added and normalised; with the runs that end there, where the encoder has such.</summary>
public sealed class BertEmbeddings : Module<Tensor, Tensor?, Tensor>
{
    private readonly Embedding word_embeddings, position_embeddings, token_type_embeddings;
    private readonly NGramEmbeddings? ngrams;
    private readonly LayerNorm LayerNorm;
    private readonly BertConfig _config;

    internal BertEmbeddings(BertConfig config, ParameterScope at) : base("embeddings")
    {
        _config = config;
        word_embeddings = new(at[nameof(word_embeddings)], config.VocabSize, config.HiddenSize);
        position_embeddings = new(at[nameof(position_embeddings)], config.MaxPositions, config.HiddenSize);
        token_type_embeddings = new(at[nameof(token_type_embeddings)], config.TokenTypes, config.HiddenSize);
        if (config.NGramBuckets > 0) ngrams = new(config, at[nameof(ngrams)]);
        LayerNorm = new(at[nameof(LayerNorm)], config.HiddenSize, config.LayerNormEps);
        RegisterComponents();
    }

    /// <summary>[V, H]: what each token brings; a masked-language head is tied to it.</summary>
    public Parameter Words => word_embeddings.Weight;

    /// <param name="ids">[B, T].</param>
    /// <param name="types">[B, T]: 0 for the first text, 1 for the second; null where there is no second.</param>
    /// <returns>[B, T, H].</returns>
    public override Tensor forward(Tensor ids, Tensor? types)
    {
        using var scope = NewDisposeScope();
        var places = Scalars.Range(0, ids.shape[1], ids.device);                                                           // [T]
        var kinds = types ?? zeros([1], ScalarType.Int64, ids.device);                                                     // [B, T] or [1]
        var x = word_embeddings.forward(ids).Plus(position_embeddings.forward(places)).Plus(token_type_embeddings.forward(kinds));   // [B, T, H]
        if (ngrams is not null) x = x.Plus(ngrams.forward(ids));
        return DropoutMask.Apply(LayerNorm.forward(x), _config.HiddenDropout, training).MoveToOuterDisposeScope();
    }
}

/// <summary>Every token looks at every other that isn't padding.</summary>
public sealed class BertSelfAttention : Module<Tensor, Tensor?, Tensor>
{
    private readonly Linear query, key, value;
    private readonly BertConfig _config;

    internal BertSelfAttention(BertConfig config, ParameterScope at) : base("self")
    {
        _config = config;
        query = new(at[nameof(query)], config.HiddenSize, config.HiddenSize);
        key = new(at[nameof(key)], config.HiddenSize, config.HiddenSize);
        value = new(at[nameof(value)], config.HiddenSize, config.HiddenSize);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="mask">[B, 1, 1, T], true where a token may be looked at; null where all may.</param>
    /// <returns>[B, T, H].</returns>
    public override Tensor forward(Tensor x, Tensor? mask)
    {
        var (q, k, v) = (Split(query.forward(x)), Split(key.forward(x)), Split(value.forward(x)));                          // each [B, N, T, H/N]
        var mixed = F.scaled_dot_product_attention(q, k, v, mask, training ? _config.AttentionDropout : 0);                // [B, N, T, H/N]
        return mixed.transpose(1, 2).reshape(x.shape);                                                                     // [B, T, H]
    }

    private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _config.Heads, _config.HiddenSize / _config.Heads).transpose(1, 2);
}

/// <summary>A product back to the hidden width, added to what came in, and normalised.</summary>
public sealed class BertOutput : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;
    private readonly double _dropout;

    internal BertOutput(BertConfig config, long inputs, ParameterScope at) : base("output")
    {
        _dropout = config.HiddenDropout;
        dense = new(at[nameof(dense)], inputs, config.HiddenSize);
        LayerNorm = new(at[nameof(LayerNorm)], config.HiddenSize, config.LayerNormEps);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H or I].</param>
    /// <param name="residual">[B, T, H].</param>
    /// <returns>[B, T, H].</returns>
    public override Tensor forward(Tensor x, Tensor residual) => LayerNorm.forward(DropoutMask.Apply(dense.forward(x), _dropout, training).Plus(residual));
}

/// <summary>Attention with its output.</summary>
public sealed class BertAttention : Module<Tensor, Tensor?, Tensor>
{
    private readonly BertSelfAttention self;
    private readonly BertOutput output;

    internal BertAttention(BertConfig config, ParameterScope at) : base("attention")
    {
        self = new(config, at[nameof(self)]);
        output = new(config, config.HiddenSize, at[nameof(output)]);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="mask">[B, 1, 1, T] or null.</param>
    /// <returns>[B, T, H].</returns>
    public override Tensor forward(Tensor x, Tensor? mask) => output.forward(self.forward(x, mask), x);
}

/// <summary>The wide middle of a feed-forward block.</summary>
public sealed class BertIntermediate : Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly string _activation;

    internal BertIntermediate(BertConfig config, ParameterScope at) : base("intermediate")
    {
        _activation = config.Activation;
        dense = new(at[nameof(dense)], config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <returns>[B, T, I].</returns>
    public override Tensor forward(Tensor x) => Activations.Apply(_activation, dense.forward(x));
}

/// <summary>One layer: attention, then the feed-forward block.</summary>
public sealed class BertLayer : Module<Tensor, Tensor?, Tensor>
{
    private readonly BertAttention attention;
    private readonly BertIntermediate intermediate;
    private readonly BertOutput output;

    internal BertLayer(BertConfig config, ParameterScope at) : base("layer")
    {
        attention = new(config, at[nameof(attention)]);
        intermediate = new(config, at[nameof(intermediate)]);
        output = new(config, config.IntermediateSize, at[nameof(output)]);
        RegisterComponents();
    }

    /// <param name="x">[B, T, H].</param>
    /// <param name="mask">[B, 1, 1, T] or null.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope.</returns>
    public override Tensor forward(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var attended = attention.forward(x, mask);                                                                         // [B, T, H]
        return output.forward(intermediate.forward(attended), attended).MoveToOuterDisposeScope();                         // [B, T, H]
    }
}

/// <summary>The layers, one after another.</summary>
public sealed class BertEncoder : Module<Tensor, Tensor?, Tensor>, IRecomputes
{
    private readonly ModuleList<BertLayer> layer;

    internal BertEncoder(BertConfig config, ParameterScope at) : base("encoder")
    {
        layer = new([.. Enumerable.Range(0, config.Layers).Select(i => new BertLayer(config, at[nameof(layer)][i]))]);
        RegisterComponents();
    }

    /// <summary>The layers, the one closest to the text first.</summary>
    public IReadOnlyList<BertLayer> Layers => [.. layer];

    bool IRecomputes.Recomputes { get; set; }

    /// <param name="x">[B, T, H].</param>
    /// <param name="mask">[B, 1, 1, T] or null.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope.</returns>
    public override Tensor forward(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        Tensor[] others = mask is null ? [] : [mask];
        foreach (var one in layer) x = ((IRecomputes)this).Recomputes ? Recomputed.Of((y, rest) => one.forward(y, rest.FirstOrDefault()), x, others) : one.forward(x, mask);
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>A product and tanh over [CLS]; what next-sentence training used.</summary>
public sealed class BertPooler : Module<Tensor, Tensor>
{
    private readonly Linear dense;

    internal BertPooler(BertConfig config, ParameterScope at) : base("pooler")
    {
        dense = new(at[nameof(dense)], config.HiddenSize, config.HiddenSize);
        RegisterComponents();
    }

    /// <param name="states">[B, T, H].</param>
    /// <returns>[B, H]; owned by the caller's dispose scope.</returns>
    public override Tensor forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        return dense.forward(states.select(1, 0)).tanh().MoveToOuterDisposeScope();
    }
}

/// <summary>A BERT encoder: token ids to hidden states. Its parameters have the names that Hugging Face's BertModel gives them.</summary>
/// <remarks>Devlin and others (2018), "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding".</remarks>
public sealed class Bert : Module<Tensor, Tensor?, Tensor>
{
    private readonly BertEmbeddings embeddings;
    private readonly BertEncoder encoder;
    private readonly BertPooler? pooler;

    internal Bert(BertConfig config, ParameterScope at, bool withPooler) : base("bert")
    {
        Config = config;
        embeddings = new(config, at[nameof(embeddings)]);
        encoder = new(config, at[nameof(encoder)]);
        if (withPooler) pooler = new(config, at[nameof(pooler)]);
        RegisterComponents();
    }

    /// <summary>An untrained encoder, without pooler.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="seed">Same seed, same weights, on any machine.</param>
    public static Bert Create(BertConfig config, long seed) => new(config, new NewParameters(seed, config.InitializerRange).Root, withPooler: false);

    /// <summary>Its sizes.</summary>
    public BertConfig Config { get; }

    /// <summary>The embeddings, the part that is frozen first.</summary>
    public BertEmbeddings Embeddings => embeddings;

    /// <summary>The layers, the one closest to the text first.</summary>
    public IReadOnlyList<BertLayer> Layers => encoder.Layers;

    /// <summary>[V, H]: what each token brings.</summary>
    public Parameter Words => embeddings.Words;

    /// <summary>Hidden states of the last layer.</summary>
    /// <param name="ids">[B, T] of 64-bit integers.</param>
    /// <param name="mask">[B, T]: 1 where a token is text, 0 where it is padding; null where there is no padding, which is faster.</param>
    /// <returns>[B, T, H]; owned by the caller's dispose scope. States of padding mean nothing.</returns>
    public override Tensor forward(Tensor ids, Tensor? mask) => forward(ids, mask, null);

    /// <inheritdoc cref="forward(Tensor, Tensor?)"/>
    /// <param name="ids">[B, T].</param>
    /// <param name="mask">[B, T] or null.</param>
    /// <param name="types">[B, T]: 0 for the first text, 1 for the second.</param>
    public Tensor forward(Tensor ids, Tensor? mask, Tensor? types)
    {
        using var scope = NewDisposeScope();
        return encoder.forward(Embedded(ids, types), Attendable(mask)).MoveToOuterDisposeScope();
    }

    /// <summary>What the layers start from, and what each makes of it.</summary>
    /// <returns>Layers + 1 tensors of [B, T, H]; owned by the caller's dispose scope.</returns>
    public IReadOnlyList<Tensor> HiddenStates(Tensor ids, Tensor? mask, Tensor? types = null)
    {
        using var scope = NewDisposeScope();
        var (states, open) = (new List<Tensor> { Embedded(ids, types) }, Attendable(mask));
        foreach (var layer in encoder.Layers) states.Add(layer.forward(states[^1], open));
        return [.. states.Select(s => s.MoveToOuterDisposeScope())];
    }

    /// <summary>The pooler's answer; null where the model has none.</summary>
    /// <param name="states">[B, T, H].</param>
    /// <returns>[B, H].</returns>
    public Tensor? Pooled(Tensor states) => pooler?.forward(states);

    private Tensor Embedded(Tensor ids, Tensor? types)
    {
        ShapeException.ThrowUnless(ids.dim() == 2, "[B, T]", ids);
        ShapeException.ThrowUnless(ids.shape[1] <= Config.MaxPositions, $"[B, at most {Config.MaxPositions}]", ids);
        return embeddings.forward(ids, types);
    }

    // [B, T] of any type -> [B, 1, 1, T] of booleans.
    private static Tensor? Attendable(Tensor? mask) => mask?.to(ScalarType.Bool).unsqueeze(1).unsqueeze(1);
}

/// <summary>A hidden state to a guess at the token: a product, an activation, a norm, and the word table again.</summary>
public sealed class BertMaskedHead : Module<Tensor, Tensor, Tensor>
{
    private readonly BertPredictions predictions;

    internal BertMaskedHead(BertConfig config, ParameterScope at) : base("cls")
    {
        predictions = new(config, at[nameof(predictions)]);
        RegisterComponents();
    }

    /// <param name="states">[..., H].</param>
    /// <param name="words">[V, H].</param>
    /// <returns>[..., V].</returns>
    public override Tensor forward(Tensor states, Tensor words) => predictions.forward(states, words);

    private sealed class BertPredictions : Module<Tensor, Tensor, Tensor>, IProduct
    {
        private readonly BertTransform transform;
        private readonly Parameter bias;

        internal BertPredictions(BertConfig config, ParameterScope at) : base("predictions")
        {
            transform = new(config, at[nameof(transform)]);
            bias = at.Get(nameof(bias), config.VocabSize);
            RegisterComponents();
        }

        bool IProduct.InBfloat16 { get; set; }

        public override Tensor forward(Tensor states, Tensor words)
        {
            var guess = transform.forward(states);                                                                         // [..., H]
            return ((IProduct)this).InBfloat16 ? Bfloat16.Product(guess, words, bias) : HalfPrecision.Product(guess, words, bias);
        }
    }

    private sealed class BertTransform : Module<Tensor, Tensor>
    {
        private readonly Linear dense;
        private readonly LayerNorm LayerNorm;
        private readonly string _activation;

        internal BertTransform(BertConfig config, ParameterScope at) : base("transform")
        {
            _activation = config.Activation;
            dense = new(at[nameof(dense)], config.HiddenSize, config.HiddenSize);
            LayerNorm = new(at[nameof(LayerNorm)], config.HiddenSize, config.LayerNormEps);
            RegisterComponents();
        }

        public override Tensor forward(Tensor states) => LayerNorm.forward(Activations.Apply(_activation, dense.forward(states)));
    }
}

/// <summary>An encoder with the head that it is pre-trained by; parameter names as in Hugging Face's BertForMaskedLM, the head's word table tied to the encoder's.</summary>
public sealed class BertForMaskedLM : Module<Tensor, Tensor?, Tensor>
{
    private readonly Bert bert;
    private readonly BertMaskedHead cls;

    internal BertForMaskedLM(BertConfig config, ParameterScope at) : base("masked")
    {
        bert = new(config, at[nameof(bert)], withPooler: false);
        cls = new(config, at[nameof(cls)]);
        RegisterComponents();
    }

    internal BertForMaskedLM(Bert encoder, ParameterScope head) : base("masked")
    {
        bert = encoder;
        cls = new(encoder.Config, head[nameof(cls)]);
        RegisterComponents();
    }

    /// <summary>An untrained model.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="seed">Same seed, same weights, on any machine.</param>
    public static BertForMaskedLM Create(BertConfig config, long seed) => new(config, new NewParameters(seed, config.InitializerRange).Root);

    /// <summary>An encoder that goes on learning, with a new head.</summary>
    /// <param name="encoder">The encoder; it belongs to the model from now on.</param>
    /// <param name="seed">Of the head's weights.</param>
    public static BertForMaskedLM Over(Bert encoder, long seed) => new(encoder, new NewParameters(seed, encoder.Config.InitializerRange).Root);

    /// <summary>The encoder.</summary>
    public Bert Encoder => bert;

    /// <summary>Guesses at every token.</summary>
    /// <param name="ids">[B, T].</param>
    /// <param name="mask">[B, T] or null.</param>
    /// <returns>[B, T, V] logits; owned by the caller's dispose scope.</returns>
    public override Tensor forward(Tensor ids, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return Logits(bert.forward(ids, mask)).MoveToOuterDisposeScope();
    }

    /// <summary>Guesses for chosen states only: a masked-language loss needs them at one token in seven.</summary>
    /// <param name="states">[..., H].</param>
    /// <returns>[..., V] logits; owned by the caller's dispose scope.</returns>
    public Tensor Logits(Tensor states)
    {
        using var scope = NewDisposeScope();
        return cls.forward(states, bert.Words).MoveToOuterDisposeScope();
    }
}
