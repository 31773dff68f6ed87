using CustomerValue.Text.Weights;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class Gpt2Tests
{
    [Fact]
    public void Logits_are_those_of_plain_loops_in_double_precision()
    {
        var (path, expected) = Expected.Of("gpt2-tiny-random");
        using var folder = HuggingFaceFolder.Open(path);
        using var decoder = folder.Decoder();
        using var quiet = inference_mode();
        foreach (var @case in expected.Cases)
        {
            using var scope = NewDisposeScope();
            var ids = Expected.Ids(@case, "input_ids");
            Expected.Near(Logits(folder.Weights, ids), decoder.forward(Expected.Row(ids), null)[0, -1].data<float>().ToArray(), expected.Tolerance, Expected.Name(@case));
            Expected.NearRelative(Expected.Reals(@case, "hidden_state_l2")[0], decoder.HiddenStates(Expected.Row(ids))[0].norm().item<float>(), 1e-5, "embeddings");
        }
    }

    [Fact]
    public void Biases_that_a_folder_leaves_out_are_named()
    {
        var (path, _) = Expected.Of("gpt2-tiny-random");
        using var folder = HuggingFaceFolder.Open(path);
        using var decoder = folder.Decoder();
        Assert.Equal(["transformer.h.0.attn.c_attn.bias", "transformer.h.1.attn.c_attn.bias"], folder.Absent);
    }

    private static double[] Logits(WeightFolder weights, int[] ids)
    {
        double[] Vector(string name) => weights.Find("transformer." + name) is null ? [] : [.. weights.ReadSingles("transformer." + name).Select(v => (double)v)];
        var (wte, wpe) = (Vector("wte.weight"), Vector("wpe.weight"));
        var x = ids.Select((id, t) => Enumerable.Range(0, 32).Select(i => wte[id * 32 + i] + wpe[t * 32 + i]).ToArray()).ToArray();
        for (var layer = 0; layer < 2; layer++)
        {
            var at = $"h.{layer}.";
            var qkv = x.Select(row => Product(Norm(row, Vector(at + "ln_1.weight"), Vector(at + "ln_1.bias")), Vector(at + "attn.c_attn.weight"), Vector(at + "attn.c_attn.bias"))).ToArray();
            var mixed = new double[ids.Length][];
            for (var t = 0; t < ids.Length; t++)
            {
                mixed[t] = new double[32];
                for (var head = 0; head < 4; head++)
                {
                    var scores = Enumerable.Range(0, t + 1).Select(s => Enumerable.Range(0, 8).Sum(i => qkv[t][head * 8 + i] * qkv[s][32 + head * 8 + i]) / Math.Sqrt(8)).ToArray();
                    var weight = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
                    for (var i = 0; i < 8; i++) mixed[t][head * 8 + i] = Enumerable.Range(0, t + 1).Sum(s => weight[s] / weight.Sum() * qkv[s][64 + head * 8 + i]);
                }
            }
            for (var t = 0; t < ids.Length; t++)
            {
                Add(x[t], Product(mixed[t], Vector(at + "attn.c_proj.weight"), Vector(at + "attn.c_proj.bias")));
                var middle = Product(Norm(x[t], Vector(at + "ln_2.weight"), Vector(at + "ln_2.bias")), Vector(at + "mlp.c_fc.weight"), Vector(at + "mlp.c_fc.bias"));
                double[] active = [.. middle.Select(v => 0.5 * v * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))))];
                Add(x[t], Product(active, Vector(at + "mlp.c_proj.weight"), Vector(at + "mlp.c_proj.bias")));
            }
        }
        var last = Norm(x[^1], Vector("ln_f.weight"), Vector("ln_f.bias"));
        return [.. Enumerable.Range(0, 512).Select(v => Enumerable.Range(0, 32).Sum(i => last[i] * wte[v * 32 + i]))];
    }

    private static double[] Norm(double[] x, double[] weight, double[] bias)
    {
        var mean = x.Average();
        var scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        return [.. x.Select((v, i) => (v - mean) * scale * weight[i] + bias[i])];
    }

    private static double[] Product(double[] x, double[] weight, double[] bias)
    {
        var outputs = weight.Length / x.Length;
        return [.. Enumerable.Range(0, outputs).Select(o => (bias.Length > 0 ? bias[o] : 0) + x.Select((v, i) => v * weight[i * outputs + o]).Sum())];
    }

    private static void Add(double[] x, double[] y)
    {
        for (var i = 0; i < x.Length; i++) x[i] += y[i];
    }
}
