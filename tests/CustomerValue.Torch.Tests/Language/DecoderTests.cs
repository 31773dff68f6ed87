using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class DecoderTests
{
    public static readonly TheoryData<string> Models = ["gpt2-tiny-random", "llama-tiny-random", "qwen2-tiny-random", "qwen3-tiny-random"];

    [Theory, MemberData(nameof(Models))]
    public void Hidden_states_logits_and_losses_are_those_that_transformers_computed(string model)
    {
        var (path, expected) = Expected.Of(model);
        using var folder = HuggingFaceFolder.Open(path);
        // Its expected values were computed with biases that its file doesn't hold: Gpt2Tests compares what can be.
        if (model == "gpt2-tiny-random" && folder.Weights.Find("transformer.h.0.attn.c_attn.bias") is null) Assert.Skip("gpt2-tiny-random/model.safetensors lacks transformer.h.N.attn.c_attn.bias, with which its expected.json was computed.");
        foreach (var use in new[] { WeightUse.AsStored, WeightUse.Single, WeightUse.Train })
        {
            using var decoder = folder.Decoder(use);
            using var quiet = inference_mode();
            foreach (var @case in expected.Cases)
            {
                using var scope = NewDisposeScope();
                var name = Expected.Name(@case);
                var ids = Expected.Row(Expected.Ids(@case, "input_ids"));
                var states = decoder.HiddenStates(ids);
                var norms = Expected.Reals(@case, "hidden_state_l2");
                Assert.Equal(norms.Length, states.Count);
                for (var layer = 0; layer < norms.Length; layer++) Expected.NearRelative(norms[layer], states[layer].norm().item<float>(), 1e-5, $"{name}, layer {layer}");
                var logits = decoder.forward(ids, null)[0];                                             // [T, V]
                var last = logits[-1].data<float>().ToArray();
                Expected.Near(Expected.Reals(@case, "last_logits_first8"), last, expected.Tolerance, name);
                foreach (var pair in @case.GetProperty("last_logits_top5").EnumerateArray()) Assert.Equal(pair[1].GetDouble(), last[pair[0].GetInt32()], expected.Tolerance);
                Assert.Equal(@case.GetProperty("last_logits_top5").EnumerateArray().Select(p => p[0].GetInt32()), last.Select((v, i) => (v, i)).OrderByDescending(p => p.v).Take(5).Select(p => p.i));
                if (@case.GetProperty("loss_nats_per_token").ValueKind == System.Text.Json.JsonValueKind.Null) continue;
                var loss = nn.functional.cross_entropy(logits.narrow(0, 0, logits.shape[0] - 1), ids[0].narrow(0, 1, logits.shape[0] - 1));
                Assert.Equal(@case.GetProperty("loss_nats_per_token").GetDouble(), loss.item<float>(), expected.Tolerance);
            }
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void With_a_cache_token_by_token_and_piece_by_piece_give_what_the_whole_text_gives(string model)
    {
        var (path, expected) = Expected.Of(model);
        using var folder = HuggingFaceFolder.Open(path);
        using var decoder = folder.Decoder();
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var ids = Expected.Row(Expected.Ids(expected.Cases[2], "input_ids"));
        var whole = decoder.States(ids);
        foreach (var step in new[] { 1, 5 })
        {
            using var cache = new KeyValueCache();
            for (var at = 0; at < ids.shape[1]; at += step)
            {
                var count = Math.Min(step, ids.shape[1] - at);
                var piece = decoder.States(ids.narrow(1, at, count), null, cache);
                Assert.True((piece - whole.narrow(1, at, count)).abs().max().item<float>() < 2e-5f, $"{model}, {step} at a time, from token {at} on");
            }
            Assert.Equal(ids.shape[1], cache.Length);
        }
    }

    [Fact]
    public void A_cache_grows_past_its_first_room()
    {
        TorchThreads.Use(1);
        using var decoder = Llama.Create(new() { VocabSize = 50, HiddenSize = 16, IntermediateSize = 32, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 4, MaxPositions = 256 }, seed: 1);
        decoder.eval();
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var ids = Expected.Row(Enumerable.Range(0, 200).Select(i => i * 7 % 50));
        var whole = decoder.States(ids);
        using var cache = new KeyValueCache();
        for (var at = 0; at < 200; at++)
            Assert.True((decoder.States(ids.narrow(1, at, 1), null, cache) - whole.narrow(1, at, 1)).abs().max().item<float>() < 2e-5f, $"token {at}");
        var error = Assert.Throws<ShapeException>(() => decoder.States(Expected.Row(Enumerable.Repeat(1, 57)), null, cache));
        Assert.Contains("256 positions, 200 of them used", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("linear"), InlineData("llama3"), InlineData("default")]
    public void Stretched_positions_turn_as_their_definition_says(string kind)
    {
        var config = new LlamaConfig { HeadSize = 8, RopeTheta = 10_000, RopeScaling = new(kind, Factor: 8, LowFrequency: 1, HighFrequency: 4, OriginalPositions: 64) };
        var found = config.Frequencies();
        double[] plain = [1, 0.1, 0.01, 0.001];
        // Wavelengths 6.28, 62.8, 628, 6283: in 64 positions 10.2, 1.02, 0.102, 0.0102 turns; kept above 4 turns, stretched in full below 1.
        double[] expected = kind switch
        {
            "linear" => [.. plain.Select(f => f / 8)],
            "llama3" => [1, ((64 * 0.1 / (2 * Math.PI) - 1) / 3) * 0.1 + (1 - (64 * 0.1 / (2 * Math.PI) - 1) / 3) * 0.1 / 8, 0.01 / 8, 0.001 / 8],
            _ => plain,
        };
        for (var i = 0; i < 4; i++) Assert.Equal(expected[i], found[i], 1e-7);
    }

    [Theory, InlineData("\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2}", "dynamic"), InlineData("\"use_sliding_window\": true", "use_sliding_window"),
        InlineData("\"layer_types\": [\"sliding_attention\"]", "layer_types"), InlineData("\"quantization_config\": {\"bits\": 4}", "quantization_config"), InlineData("\"num_key_value_heads\": 3", "num_key_value_heads"),
        InlineData("\"hidden_act\": \"mish\"", "mish"), InlineData("\"head_dim\": 7", "head_dim")]
    public void What_is_not_built_is_refused_by_name(string addition, string named)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("llama-").FullName, "config.json");
        File.WriteAllText(path, "{\"model_type\": \"llama\", \"vocab_size\": 50, \"hidden_size\": 16, \"intermediate_size\": 32, \"num_hidden_layers\": 1, \"num_attention_heads\": 4, " + addition + "}");
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => LlamaConfig.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_saved_opens_again_the_same()
    {
        TorchThreads.Use(1);
        foreach (var type in new[] { "gpt2", "llama", "qwen2", "qwen3" })
        {
            var place = Directory.CreateTempSubdirectory("decoder-").FullName;
            using var scope = NewDisposeScope();
            var llama = new LlamaConfig { ModelType = type == "gpt2" ? "llama" : type, VocabSize = 50, HiddenSize = 16, IntermediateSize = 32, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 4, TiedHead = type == "qwen2", QueryBias = type == "qwen2", EndTokenIds = [3, 4] };
            var gpt2 = new Gpt2Config { VocabSize = 50, HiddenSize = 16, IntermediateSize = 24, Layers = 2, Heads = 2, EndTokenIds = [3] };
            using CausalLanguageModel model = type == "gpt2" ? Gpt2.Create(gpt2, seed: 5) : Llama.Create(llama, seed: 5);
            model.eval();
            HuggingFaceFolder.Save(place, model, path => { if (type == "gpt2") gpt2.Write(path); else llama.Write(path); });
            using var folder = HuggingFaceFolder.Open(place);
            using var again = folder.Decoder();
            Assert.Equal(model.EndTokenIds, again.EndTokenIds);
            var ids = Expected.Row([1, 2, 3]);
            Assert.True(model.forward(ids, null).equal(again.forward(ids, null)).all().item<bool>(), type);
            Assert.Empty(folder.Extra);
        }
    }

    [Fact]
    public void Every_parameter_of_a_decoder_learns()
    {
        TorchThreads.Use(1);
        using CausalLanguageModel llama = Llama.Create(new() { ModelType = "qwen3", VocabSize = 50, HiddenSize = 16, IntermediateSize = 32, Layers = 1, Heads = 4, KeyValueHeads = 2, HeadSize = 4 }, seed: 1);
        using CausalLanguageModel gpt2 = Gpt2.Create(new() { VocabSize = 50, HiddenSize = 16, IntermediateSize = 24, Layers = 1, Heads = 2 }, seed: 1);
        foreach (var model in new[] { llama, gpt2 })
        {
            using var scope = NewDisposeScope();
            var ids = Expected.Row([1, 2, 3, 4, 5]);
            nn.functional.cross_entropy(model.forward(ids, null)[0].narrow(0, 0, 4), ids[0].narrow(0, 1, 4)).backward();
            Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is { } g && g.abs().max().item<float>() > 0, p.name));
        }
    }
}
