using System.Globalization;
using CustomerValue.Onnx;
using CustomerValue.Text;

namespace CustomerValue.Tests;

/// <summary>A small encoder with weights from a seed, and what it computes: plain loops in double precision, written from the paper and not from the graph.</summary>
internal sealed class SmallBert(string activation = "gelu", int layers = 2, int width = 12, int heads = 3, int inner = 20, int vocabulary = 40, int positions = 16, int buckets = 0)
{
    private readonly Dictionary<string, (long[] Shape, float[] Values)> _weights = [];

    private const int RunWidth = 5;

    public string Config => $$"""
        {"model_type": {{(buckets > 0 ? $"\"ngram-bert\", \"ngram_buckets\": {buckets}, \"ngram_order\": 3, \"ngram_width\": {RunWidth}" : "\"bert\"")}}, "vocab_size": {{vocabulary}}, "hidden_size": {{width}}, "num_hidden_layers": {{layers}}, "num_attention_heads": {{heads}}, "intermediate_size": {{inner}},
         "max_position_embeddings": {{positions}}, "type_vocab_size": 2, "hidden_act": "{{activation}}", "layer_norm_eps": 1e-12, "position_embedding_type": "absolute"}
        """;

    public int Width => width;

    /// <summary>The shapes of a published BertModel, by name.</summary>
    public IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        yield return ("embeddings.word_embeddings.weight", [vocabulary, width]);
        yield return ("embeddings.position_embeddings.weight", [positions, width]);
        yield return ("embeddings.token_type_embeddings.weight", [2, width]);
        if (buckets > 0)
        {
            yield return ("embeddings.ngrams.table.weight", [buckets, RunWidth]);
            yield return ("embeddings.ngrams.projection.weight", [width, RunWidth]);
        }
        yield return ("embeddings.LayerNorm.weight", [width]);
        yield return ("embeddings.LayerNorm.bias", [width]);
        for (var layer = 0; layer < layers; layer++)
        {
            var from = string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{layer}.");
            foreach (var role in new[] { "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense" })
            {
                yield return ($"{from}{role}.weight", [width, width]);
                yield return ($"{from}{role}.bias", [width]);
            }
            yield return ($"{from}intermediate.dense.weight", [inner, width]);
            yield return ($"{from}intermediate.dense.bias", [inner]);
            yield return ($"{from}output.dense.weight", [width, inner]);
            yield return ($"{from}output.dense.bias", [width]);
            foreach (var norm in new[] { "attention.output.LayerNorm", "output.LayerNorm" })
            {
                yield return ($"{from}{norm}.weight", [width]);
                yield return ($"{from}{norm}.bias", [width]);
            }
        }
    }

    public (long[] Shape, float[] Values) Weight(string name)
    {
        if (_weights.TryGetValue(name, out var known)) return known;
        var shape = Shapes().Single(s => s.Name == name).Shape;
        return _weights[name] = (shape, Numbers(name, shape.Aggregate(1L, (a, b) => a * b), name.Contains("LayerNorm.weight", StringComparison.Ordinal) ? 1 : 0));
    }

    public (long[] Shape, float[] Values) HeadWeight(TextHead head, string name)
    {
        var outputs = head.Kind == HeadKind.Classification ? head.Labels.Count : 1;
        return name[(head.Name.Length + 1)..] switch
        {
            "weight" => ([outputs, width], Numbers(name, outputs * width, 0)),
            "bias" => ([outputs], Numbers(name, outputs, 0)),
            "thresholds" => ([head.Labels.Count - 1], [.. Enumerable.Range(0, head.Labels.Count - 1).Select(k => k * 0.7f - 1)]),
            _ => throw new KeyNotFoundException(name),
        };
    }

    public OnnxSource Source(TextHeads? heads = null) => new(Config, Weight, heads, heads is null ? null : name => HeadWeight(heads.Heads.Single(h => name.StartsWith(h.Name + ".", StringComparison.Ordinal)), name));

    /// <summary>[T][H]: states after the last block, of one text without padding.</summary>
    public double[][] States(int[] ids)
    {
        double[][] x = [.. ids.Select((id, at) => Norm("embeddings.LayerNorm", [.. Enumerable.Range(0, width).Select(i =>
            (double)Weight("embeddings.word_embeddings.weight").Values[id * width + i] + Weight("embeddings.position_embeddings.weight").Values[at * width + i] + Weight("embeddings.token_type_embeddings.weight").Values[i] + Runs(ids, at, i))]))];
        for (var layer = 0; layer < layers; layer++)
        {
            var from = string.Create(CultureInfo.InvariantCulture, $"encoder.layer.{layer}.");
            double[][] q = Linear(from + "attention.self.query", x), k = Linear(from + "attention.self.key", x), v = Linear(from + "attention.self.value", x);
            var depth = width / heads;
            var mixed = x.Select(_ => new double[width]).ToArray();
            for (var head = 0; head < heads; head++)
                for (var t = 0; t < x.Length; t++)
                {
                    double[] scores = [.. k.Select(key => Enumerable.Range(head * depth, depth).Sum(i => q[t][i] * key[i]) / Math.Sqrt(depth))];
                    double[] shares = Softmax(scores);
                    for (var i = head * depth; i < (head + 1) * depth; i++) mixed[t][i] = shares.Select((s, u) => s * v[u][i]).Sum();
                }
            var attended = Sum(Linear(from + "attention.output.dense", mixed), x).Select(r => Norm(from + "attention.output.LayerNorm", r)).ToArray();
            var hidden = Linear(from + "intermediate.dense", attended).Select(r => r.Select(Activated).ToArray()).ToArray();
            x = [.. Sum(Linear(from + "output.dense", hidden), attended).Select(r => Norm(from + "output.LayerNorm", r))];
        }
        return x;
    }

    // What the pair and the triple of tokens that end at a place bring to one number of its state.
    private double Runs(int[] ids, int at, int i)
    {
        if (buckets == 0) return 0;
        var (table, projection) = (Weight("embeddings.ngrams.table.weight").Values, Weight("embeddings.ngrams.projection.weight").Values);
        int[] rows = [NGramHash.Row(ids, at, 2, buckets), NGramHash.Row(ids, at, 3, buckets)];
        return Enumerable.Range(0, RunWidth).Sum(w => (double)projection[i * RunWidth + w] * rows.Sum(row => (double)table[row * RunWidth + w]));
    }

    public static double[] Pooled(double[][] states, Pooling pooling) => pooling switch
    {
        Pooling.First => states[0],
        Pooling.Last => states[^1],
        _ => [.. Enumerable.Range(0, states[0].Length).Select(i => states.Average(s => s[i]))],
    };

    public double[] Answer(TextHead head, double[] pooled)
    {
        var (weight, bias) = (HeadWeight(head, head.Name + ".weight").Values, HeadWeight(head, head.Name + ".bias").Values);
        double[] outputs = [.. bias.Select((b, k) => b + pooled.Select((p, i) => p * weight[k * width + i]).Sum())];
        if (head.Kind == HeadKind.Classification) return Softmax(outputs);
        if (head.Kind == HeadKind.Regression) return [outputs[0] * head.Scale + head.Mean];
        double[] above = [1, .. HeadWeight(head, head.Name + ".thresholds").Values.Select(t => 1 / (1 + Math.Exp(t - outputs[0]))), 0];
        return [.. Enumerable.Range(0, head.Labels.Count).Select(k => above[k] - above[k + 1])];
    }

    private double Activated(double x) => activation switch
    {
        "relu" => Math.Max(0, x),
        "gelu_new" => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        _ => x * NormalBelow(x),
    };

    // The series of Abramowitz and Stegun, 26.2.11: exact to double precision for the small numbers here.
    private static double NormalBelow(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 200; n++) sum += term *= x * x / (2 * n + 1);
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }

    private double[][] Linear(string name, double[][] x)
    {
        var (weight, bias) = (Weight(name + ".weight").Values, Weight(name + ".bias").Values);
        return [.. x.Select(row => bias.Select((b, o) => b + row.Select((value, i) => value * weight[o * row.Length + i]).Sum()).ToArray())];
    }

    private double[] Norm(string name, double[] x)
    {
        var (weight, bias, mean) = (Weight(name + ".weight").Values, Weight(name + ".bias").Values, x.Average());
        var spread = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-12);
        return [.. x.Select((v, i) => (v - mean) / spread * weight[i] + bias[i])];
    }

    private static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (u, v) => u + v).ToArray())];

    private static double[] Softmax(double[] x)
    {
        double[] raised = [.. x.Select(v => Math.Exp(v - x.Max()))];
        return [.. raised.Select(r => r / raised.Sum())];
    }

    private static float[] Numbers(string name, long count, float around)
    {
        var random = new SplitMix64(name.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL));
        var numbers = new float[count];
        for (var at = 0L; at < count; at++) numbers[at] = around + (float)(random.Unit() - 0.5);
        return numbers;
    }
}
