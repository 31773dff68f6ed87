using System.Globalization;
using System.Numerics.Tensors;
using CustomerValue.Text;

namespace CustomerValue.Onnx;

/// <summary>A BERT encoder with its heads as a graph of ONNX's standard operators.</summary>
/// <remarks>
/// Devlin, Chang, Lee and Toutanova (2019), "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding". B texts of T tokens, H wide, N heads of
/// width D = H / N. Written in the patterns that ONNX Runtime recognises and replaces by its fused kernels (attention, skip and layer norm, bias and GELU, quantised products).
/// </remarks>
internal sealed class BertGraph(EncoderConfig config, Func<string, (long[] Shape, float[] Values)> weights, OnnxPrecision precision, int weightBits)
{
    /// <summary>Version of the standard's operators: the first with LayerNormalization.</summary>
    public const int Opset = 17;

    public const string Ids = "input_ids", Mask = "attention_mask", HiddenStates = "last_hidden_state", Embedding = "embedding";
    private const string Rows = "batch", Tokens = "sequence";

    private readonly GraphBuilder _graph = new();
    private readonly Dictionary<string, string[]> _quantized = [];       // by value: its 8-bit form, made once however many products read it

    private int Width => config.Width;

    /// <summary>The whole graph's message.</summary>
    public ProtoMessage Build(TextHeads? heads, Func<string, (long[] Shape, float[] Values)>? headWeights)
    {
        var ids = _graph.Input(Ids, OnnxType.Int64, Rows, Tokens);                                // [B, T]
        var mask = _graph.Input(Mask, OnnxType.Int64, Rows, Tokens);                              // [B, T]: 1 where a token is text
        var states = Embedded(ids);                                                               // [B, T, H]
        var bias = AttentionBias(mask);                                                           // [B, 1, 1, T]
        for (var layer = 0; layer < config.Layers; layer++) states = Block(layer, states, bias);
        _graph.Output(HiddenStates, states, OnnxType.Single, Rows, Tokens, Width);

        var pooled = Pooled(states, mask, heads?.Pooling ?? Pooling.Mean);                        // [B, H]
        _graph.Output(Embedding, pooled, OnnxType.Single, Rows, Width);
        foreach (var head in heads?.Heads ?? [])
        {
            var answer = Answered(head, pooled, headWeights!);                                    // [B, K], or [B, 1]
            _graph.Output(head.Name, answer, OnnxType.Single, Rows, Math.Max(1, head.Labels.Count));
        }
        return _graph.Graph("bert");
    }

    // Every text is of the first token type, so its row is added to each position's beforehand.
    private string Embedded(string ids)
    {
        float[] positions = [.. Weight("embeddings.position_embeddings.weight", config.Positions, Width)], types = Weight("embeddings.token_type_embeddings.weight", config.TokenTypes, Width);
        for (var at = 0; at < config.Positions; at++)
        {
            var row = positions.AsSpan(at * Width, Width);
            TensorPrimitives.Add(row, types.AsSpan(0, Width), row);
        }
        var length = _graph.Node("/embeddings/length", "Gather", [_graph.Node("/embeddings/shape", "Shape", [ids]), _graph.Constant("/one", [1L], 1)], OnnxMessages.Attribute("axis", 0));      // [1]: T
        var place = _graph.Node("/embeddings/positions", "Slice",
            [_graph.Constant("/embeddings/position_weight", positions, config.Positions, Width), _graph.Constant("/zero", [0L], 1), length, "/zero"]);                                            // [T, H]
        return LayerNorm("/embeddings/norm", "embeddings.LayerNorm", _graph.Shaped(WithRuns(_graph.Node("/embeddings/sum", "Add", [Words(ids), place]), ids, length), OnnxType.Single, Rows, Tokens, Width));                                                                 // [B, T, H]
    }

    private string Words(string ids) => Looked("/embeddings/word", Table("/embeddings/word", "embeddings.word_embeddings.weight", config.Vocabulary, Width), ids);

    // Adds what the runs that end at each place bring, where the encoder has such.
    private string WithRuns(string sum, string ids, string length)
    {
        if (config.NGrams is not { } runs) return sum;
        var table = Table("/embeddings/ngram", "embeddings.ngrams.table.weight", runs.Buckets, runs.Width);
        var rows = _graph.Constant("/embeddings/ngram_rows", [(long)runs.Buckets]);
        string? found = null;
        for (var tokens = 2; tokens <= runs.Order; tokens++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"/embeddings/ngram.{tokens}");
            var hash = Times(name, ids, tokens, 0);
            for (var back = 1; back < tokens; back++)
                hash = _graph.Node(string.Create(CultureInfo.InvariantCulture, $"{name}/hash.{back}"), "Add", [hash, Times(name, Before(ids, back, length), tokens, back)]);
            var row = Looked(name, table, _graph.Node($"{name}/row", "Mod", [hash, rows]));                                                          // [B, T, W]
            found = found is null ? row : _graph.Node($"{name}/sum", "Add", [found, row]);
        }
        var projection = Quantization.Transposed(Weight("embeddings.ngrams.projection.weight", Width, runs.Width), Width, runs.Width);
        var brought = _graph.Node("/embeddings/ngram_brought", "MatMul", [found!, _graph.Constant("/embeddings/ngram_projection", projection, runs.Width, Width)]);
        return _graph.Node("/embeddings/ngram_sum", "Add", [sum, brought]);                                                                            // [B, T, H]
    }

    private string Times(string name, string ids, int tokens, int back)
    {
        var factor = string.Create(CultureInfo.InvariantCulture, $"{name}/factor.{back}");
        return _graph.Node(string.Create(CultureInfo.InvariantCulture, $"{name}/product.{back}"), "Mul", [ids, _graph.Constant(factor, [NGramHash.Factor(tokens, back)])]);
    }

    // The ids, moved to the right by some places, zeros before them: [B, T].
    private string Before(string ids, int back, string length)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"/embeddings/before.{back}");
        return _graph.Has(name) ? name : _graph.Node(name, "Slice",
            [_graph.Node($"{name}/longer", "Pad", [ids, _graph.Constant($"{name}/pads", [0L, back, 0, 0], 4)]), "/zero", length, "/one"]);
    }

    // A table of vectors as constants: its floats, or bytes and a scale a row.
    private string[] Table(string name, string weight, int rows, int width)
    {
        var table = Weight(weight, rows, width);
        if (precision == OnnxPrecision.Single) return [_graph.Constant($"{name}_weight", table, rows, width)];
        var (bytes, scales) = Quantization.Rows(table, width, Quantization.Limit(8));            // only looked up, so all eight bits are safe everywhere
        return [_graph.Constant($"{name}_weight", bytes, rows, width), _graph.Constant($"{name}_scale", scales, rows, 1)];
    }

    private string Looked(string name, string[] table, string rows)
    {
        if (table.Length == 1) return _graph.Node(name, "Gather", [table[0], rows]);
        var whole = _graph.Node($"{name}_whole", "Cast", [_graph.Node($"{name}_bytes", "Gather", [table[0], rows])], OnnxMessages.Attribute("to", (long)OnnxType.Single));
        return _graph.Node(name, "Mul", [whole, _graph.Node($"{name}_scales", "Gather", [table[1], rows])]);
    }

    // 0 where a token is text, -10000 where it is padding: nothing is left of it after softmax.
    private string AttentionBias(string mask)
    {
        var across = _graph.Node("/mask/heads", "Unsqueeze", [_graph.Node("/mask/queries", "Unsqueeze", [mask, "/one"]), _graph.Constant("/two", [2L], 1)]);
        var kept = _graph.Node("/mask/float", "Cast", [across], OnnxMessages.Attribute("to", (long)OnnxType.Single));
        return _graph.Node("/mask/bias", "Mul", [_graph.Node("/mask/padding", "Sub", [_graph.Scalar("/1", 1), kept]), _graph.Scalar("/-10000", -10000)]);
    }

    private string Block(int layer, string states, string bias)
    {
        var (name, from) = (string.Create(CultureInfo.InvariantCulture, $"/layer.{layer}"), string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{layer}"));
        var attended = Linear($"{name}/attention", $"{from}.attention.output.dense", Attended(name, from, states, bias), Width, Width);
        var middle = LayerNorm($"{name}/attention_norm", $"{from}.attention.output.LayerNorm", _graph.Node($"{name}/attention_sum", "Add", [attended, states]));
        var inner = Activated($"{name}/activation", Linear($"{name}/inner", $"{from}.intermediate.dense", middle, Width, config.Inner));               // [B, T, F]
        var outer = Linear($"{name}/outer", $"{from}.output.dense", inner, config.Inner, Width);
        return LayerNorm($"{name}/norm", $"{from}.output.LayerNorm", _graph.Node($"{name}/sum", "Add", [outer, middle]));
    }

    // softmax(Q K' / sqrt(D) + bias) V, in each head.
    private string Attended(string name, string from, string states, string bias)
    {
        var (count, depth) = (config.AttentionHeads, Width / config.AttentionHeads);
        if (!_graph.Has("/split")) _graph.Constant("/split", [0L, 0, count, depth], 4);
        if (!_graph.Has("/join")) _graph.Constant("/join", [0L, 0, Width], 3);
        string Heads(string role, params long[] order) => _graph.Node($"{name}/{role}_heads", "Transpose",
            [_graph.Node($"{name}/{role}_split", "Reshape", [Linear($"{name}/{role}", $"{from}.attention.self.{role}", states, Width, Width), "/split"])], OnnxMessages.Attribute("perm", order));

        var (query, key, value) = (Heads("query", 0, 2, 1, 3), Heads("key", 0, 2, 3, 1), Heads("value", 0, 2, 1, 3));                             // [B, N, T, D], [B, N, D, T], [B, N, T, D]
        var scores = _graph.Node($"{name}/scores", "Div", [_graph.Node($"{name}/products", "MatMul", [query, key]), _graph.Scalar("/depth", MathF.Sqrt(depth))]);                         // [B, N, T, T]
        var shares = _graph.Node($"{name}/shares", "Softmax", [_graph.Node($"{name}/masked", "Add", [scores, bias])], OnnxMessages.Attribute("axis", -1));
        var mixed = _graph.Node($"{name}/mixed", "Transpose", [_graph.Node($"{name}/context", "MatMul", [shares, value])], OnnxMessages.Attribute("perm", 0, 2, 1, 3));                  // [B, T, N, D]
        return _graph.Node($"{name}/joined", "Reshape", [mixed, "/join"]);                                                                                                                 // [B, T, H]
    }

    private string Activated(string name, string x)
    {
        if (config.Activation == Activation.Relu) return _graph.Node(name, "Relu", [x]);
        if (config.Activation == Activation.Gelu)
        {
            var root = _graph.Node($"{name}/root", "Div", [x, _graph.Scalar("/sqrt2", MathF.Sqrt(2))]);
            var twice = _graph.Node($"{name}/twice", "Add", [_graph.Node($"{name}/erf", "Erf", [root]), _graph.Scalar("/1", 1)]);
            return _graph.Node(name, "Mul", [_graph.Node($"{name}/product", "Mul", [x, twice]), _graph.Scalar("/half", 0.5f)]);
        }
        var cube = _graph.Node($"{name}/small", "Mul", [_graph.Node($"{name}/cube", "Pow", [x, _graph.Scalar("/3", 3)]), _graph.Scalar("/.044715", 0.044715f)]);
        var bent = _graph.Node($"{name}/tanh", "Tanh", [_graph.Node($"{name}/argument", "Mul", [_graph.Node($"{name}/sum", "Add", [x, cube]), _graph.Scalar("/sqrt(2/pi)", MathF.Sqrt(2 / MathF.PI))])]);
        var both = _graph.Node($"{name}/twice", "Add", [bent, _graph.Scalar("/1", 1)]);
        return _graph.Node(name, "Mul", [_graph.Node($"{name}/halved", "Mul", [x, _graph.Scalar("/half", 0.5f)]), both]);
    }

    private string LayerNorm(string name, string from, string x) => _graph.Node(name, "LayerNormalization",
        [x, _graph.Constant($"{name}_weight", Weight($"{from}.weight", Width), Width), _graph.Constant($"{name}_bias", Weight($"{from}.bias", Width), Width)],
        OnnxMessages.Attribute("axis", -1), OnnxMessages.Attribute("epsilon", config.Epsilon));

    // x W' + b. Weights are stored [out, in] and written [in, out].
    private string Linear(string name, string from, string x, int inputs, int outputs)
    {
        var weight = Quantization.Transposed(Weight($"{from}.weight", outputs, inputs), outputs, inputs);        // [in, out]
        var bias = _graph.Constant($"{name}_bias", Weight($"{from}.bias", outputs), outputs);
        var product = precision switch
        {
            OnnxPrecision.Single => _graph.Node($"{name}/product", "MatMul", [x, _graph.Constant($"{name}_weight", weight, inputs, outputs)]),
            OnnxPrecision.Int8Weights => _graph.Node($"{name}/product", "MatMul", [x, Spread(name, weight, inputs, outputs)]),
            _ => Product8(name, x, weight, inputs, outputs),
        };
        return _graph.Node(name, "Add", [product, bias]);
    }

    // Weights as bytes and a scale a column. What comes of constants alone ONNX Runtime computes once, when the model is opened.
    private string Spread(string name, float[] weight, int inputs, int outputs)
    {
        var (bytes, scales) = Quantization.Columns(weight, outputs, Quantization.Limit(8));
        var whole = _graph.Node($"{name}_whole", "Cast", [_graph.Constant($"{name}_weight", bytes, inputs, outputs)], OnnxMessages.Attribute("to", (long)OnnxType.Single));
        return _graph.Node($"{name}_spread", "Mul", [whole, _graph.Constant($"{name}_scale", scales, outputs)]);
    }

    // Activations to 8 bits by the range that they have at the moment, weights by each column's; whole numbers are multiplied, and scaled back.
    private string Product8(string name, string x, float[] weight, int inputs, int outputs)
    {
        if (!_quantized.TryGetValue(x, out var parts)) _quantized[x] = parts = _graph.Nodes($"{x}/bytes", "DynamicQuantizeLinear", [x], 3);      // bytes, scale, zero
        var (columns, scales) = Quantization.Columns(weight, outputs, Quantization.Limit(weightBits));
        var whole = _graph.Node($"{name}/whole", "MatMulInteger", [parts[0], _graph.Constant($"{name}_weight", columns, inputs, outputs), parts[2]]);
        var scale = _graph.Node($"{name}/scale", "Mul", [parts[1], _graph.Constant($"{name}_scale", scales, outputs)]);
        return _graph.Node($"{name}/product", "Mul", [_graph.Node($"{name}/cast", "Cast", [whole], OnnxMessages.Attribute("to", (long)OnnxType.Single)), scale]);
    }

    private string Pooled(string states, string mask, Pooling pooling)
    {
        if (pooling == Pooling.First) return _graph.Node("/pooled", "Gather", [states, _graph.Constant("/first", [0L])], OnnxMessages.Attribute("axis", 1));
        if (pooling == Pooling.Last)
        {
            var last = _graph.Node("/pooled/last", "Sub", [_graph.Node("/pooled/count", "ReduceSum", [mask, "/one"], OnnxMessages.Attribute("keepdims", 1)), "/one"]);      // [B, 1]
            return _graph.Node("/pooled", "GatherND", [states, last], OnnxMessages.Attribute("batch_dims", 1));
        }
        var kept = _graph.Node("/pooled/float", "Cast", [mask], OnnxMessages.Attribute("to", (long)OnnxType.Single));                                                          // [B, T]
        var sums = _graph.Node("/pooled/sum", "Squeeze", [_graph.Node("/pooled/product", "MatMul", [_graph.Node("/pooled/row", "Unsqueeze", [kept, "/one"]), states]), "/one"]);      // [B, H]
        var count = _graph.Node("/pooled/tokens", "Max", [_graph.Node("/pooled/count", "ReduceSum", [kept, "/one"], OnnxMessages.Attribute("keepdims", 1)), _graph.Scalar("/1", 1)]);   // [B, 1]
        return _graph.Node("/pooled", "Div", [sums, count]);
    }

    // Heads stay in 32 bits: they are small, and decide.
    private string Answered(TextHead head, string pooled, Func<string, (long[] Shape, float[] Values)> from)
    {
        var (name, outputs) = ($"/head/{head.Name}", head.Kind == HeadKind.Classification ? head.Labels.Count : 1);
        var weight = Quantization.Transposed(Weight(from, $"{head.Name}.weight", outputs, Width), outputs, Width);
        var product = _graph.Node($"{name}/product", "MatMul", [pooled, _graph.Constant($"{name}_weight", weight, Width, outputs)]);          // [B, K]; [B, 1]
        var logits = _graph.Node($"{name}/logits", "Add", [product, _graph.Constant($"{name}_bias", Weight(from, $"{head.Name}.bias", outputs), outputs)]);
        if (head.Kind == HeadKind.Ordinal)
        {
            var thresholds = _graph.Constant($"{name}_thresholds", Weight(from, $"{head.Name}.thresholds", head.Labels.Count - 1), head.Labels.Count - 1);
            var above = _graph.Node($"{name}/above", "Sigmoid", [_graph.Node($"{name}/distance", "Sub", [logits, thresholds])]);              // [B, K - 1]: P(label > k)
            // P(label = k) = P(label > k - 1) - P(label > k), where the first is 1 before the lowest label and the second 0 after the highest.
            var left = _graph.Node($"{name}/from", "Pad", [above, _graph.Constant($"{name}_left", [0L, 1, 0, 0], 4), _graph.Scalar("/1", 1)]);
            var right = _graph.Node($"{name}/to", "Pad", [above, _graph.Constant($"{name}_right", [0L, 0, 0, 1], 4), _graph.Scalar("/0", 0)]);
            return _graph.Node($"{name}/probabilities", "Relu", [_graph.Node($"{name}/differences", "Sub", [left, right])]);                 // rounding leaves none below 0
        }
        if (head.Kind == HeadKind.Classification) return _graph.Node($"{name}/probabilities", "Softmax", [logits], OnnxMessages.Attribute("axis", -1));
        var scaled = _graph.Node($"{name}/scaled", "Mul", [logits, _graph.Constant($"{name}_spread", [(float)head.Scale])]);
        return _graph.Node($"{name}/value", "Add", [scaled, _graph.Constant($"{name}_mean", [(float)head.Mean])]);
    }

    private float[] Weight(string name, params long[] shape) => Weight(weights, name, shape);

    private static float[] Weight(Func<string, (long[] Shape, float[] Values)> from, string name, params long[] shape)
    {
        var (found, values) = from(name);
        if (!found.SequenceEqual(shape))
            throw new InvalidDataException($"Weight '{name}' is [{string.Join(", ", found)}] where config.json and heads.json ask for [{string.Join(", ", shape)}]. The files of the folder may come from different models.");
        var bad = TensorPrimitives.IndexOfMaxMagnitude<float>(values);
        return bad < 0 || float.IsFinite(values[bad]) ? values
            : throw new InvalidDataException($"Weight '{name}' holds {values[bad].ToString(CultureInfo.InvariantCulture)}. A model with such weights answers nothing; train it again from a checkpoint before it diverged.");
    }
}
