using CustomerValue.Testing;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Weights;

public class LoraAdapterTests
{
    private static readonly int[] s_ids = [1, 5, 9, 2];

    private static Llama Tiny(long seed = 1) => Llama.Create(new() { VocabSize = 50, HiddenSize = 16, IntermediateSize = 32, Layers = 2, Heads = 4, KeyValueHeads = 2, HeadSize = 4 }, seed);

    private static float[] Logits(CausalLanguageModel model)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return model.forward(Expected.Row(s_ids), null).data<float>().ToArray();
    }

    [Fact]
    public void A_published_adapter_gives_the_logits_that_peft_computed_attached_and_merged_and_the_model_s_own_again_unmerged()
    {
        var (path, expected) = Expected.Of("qwen3-tiny-random");
        var (place, adapted) = Expected.Of("qwen3-tiny-random/adapter");
        using var folder = HuggingFaceFolder.Open(path);
        using var decoder = folder.Decoder();
        using var quiet = inference_mode();
        void Meets(IReadOnlyList<System.Text.Json.JsonElement> cases)
        {
            foreach (var @case in cases)
            {
                using var scope = NewDisposeScope();
                var ids = expected.Cases.First(c => Expected.Name(c) == Expected.Name(@case));
                var logits = decoder.forward(Expected.Row(Expected.Ids(ids, "input_ids")), null)[0, -1];
                Expected.Near(Expected.Reals(@case, "last_logits_first8"), logits.data<float>().ToArray(), adapted.Tolerance, Expected.Name(@case));
                if (@case.TryGetProperty("argmax", out var best)) Assert.Equal(best.GetInt64(), logits.argmax().item<long>());
            }
        }
        Meets(expected.Cases);
        var adapter = LoraAdapter.Read(place, decoder);
        Assert.Equal(6, adapter.Layers.Count);
        Meets(adapted.Cases);
        adapter.Merge();
        Meets(adapted.Cases);
        adapter.Unmerge();
        Meets(adapted.Cases);
        adapter.Detach();
        Meets(expected.Cases);
    }

    [Fact]
    public void A_new_adapter_changes_nothing_and_alone_learns()
    {
        TorchThreads.Use(1);
        using var model = Tiny();
        model.eval();
        var before = Logits(model);
        var adapter = LoraAdapter.Attach(model, new() { Rank = 2, Targets = ["q_proj", "down_proj"] }, seed: 4);
        Assert.Equal(before, Logits(model));
        Assert.Equal(adapter.Parameters.Select(p => p.Name).Order(), model.named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name).Order());
        using var scope = NewDisposeScope();
        model.forward(Expected.Row(s_ids), null).square().mean().backward();
        Assert.All(adapter.Parameters.Where(p => p.Name.Contains("lora_B", StringComparison.Ordinal)), p => Assert.True(p.Parameter.grad!.abs().max().item<float>() > 0, p.Name));
    }

    [Theory, InlineData(false, "bert"), InlineData(true, "bert"), InlineData(false, "gpt2"), InlineData(false, "llama")]
    public void What_is_written_reads_again_the_same(bool stabilised, string kind)
    {
        TorchThreads.Use(1);
        nn.Module Model() => kind switch
        {
            "bert" => Bert.Create(new() { VocabSize = 50, HiddenSize = 16, IntermediateSize = 32, Layers = 2, Heads = 2, MaxPositions = 16 }, seed: 2),
            "gpt2" => Gpt2.Create(new() { VocabSize = 50, HiddenSize = 16, IntermediateSize = 32, Layers = 1, Heads = 2 }, seed: 2),
            _ => Tiny(2),
        };
        float[] Answers(nn.Module model)
        {
            using var quiet = no_grad();
            return ((nn.Module<Tensor, Tensor?, Tensor>)model).forward(Expected.Row(s_ids), null).data<float>().ToArray();
        }
        using var scope = NewDisposeScope();
        using nn.Module first = Model(), second = Model();
        first.eval();
        second.eval();
        var config = new LoraConfig { Rank = 3, Alpha = 5, RankStabilised = stabilised, Targets = [LoraConfig.AllLinear] };
        var adapter = LoraAdapter.Attach(first, config, seed: 9);
        using (no_grad())
            foreach (var (_, parameter) in adapter.Parameters) parameter.add_(0.05);
        Assert.NotEqual(Answers(first), Answers(second));
        var place = Directory.CreateTempSubdirectory("lora-").FullName;
        adapter.Write(place);
        var read = LoraAdapter.Read(place, second);
        Assert.Equal(Answers(first), Answers(second));
        Assert.Equal(config.Scale, read.Config.Scale);
        read.Merge();
        var (attached, merged) = (Answers(first), Answers(second));
        for (var i = 0; i < merged.Length; i++) Assert.Equal(attached[i], merged[i], 1e-4);
        read.Unmerge();
        Assert.Equal(Answers(first), Answers(second));
    }

    [Theory, InlineData("\"use_dora\": true", "use_dora"), InlineData("\"peft_type\": \"IA3\"", "IA3"), InlineData("\"modules_to_save\": [\"lm_head\"]", "modules_to_save"), InlineData("\"rank_pattern\": {\"q_proj\": 8}", "rank_pattern"),
        InlineData("\"bias\": \"all\"", "bias")]
    public void Other_kinds_are_refused_by_name(string changed, string named)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("lora-").FullName, "adapter_config.json");
        var start = changed.Contains("peft_type", StringComparison.Ordinal) ? "{" : "{\"peft_type\": \"LORA\", ";
        File.WriteAllText(path, start + "\"r\": 4, \"lora_alpha\": 8, \"target_modules\": [\"q_proj\"], " + changed + "}");
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => LoraConfig.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_of_another_model_is_refused_and_every_name_told()
    {
        var place = RealModels.Need("qwen3-tiny-random/adapter");
        TorchThreads.Use(1);
        using var model = Tiny();
        var before = Logits(model);
        var error = Assert.Throws<InvalidDataException>(() => LoraAdapter.Read(place, model));
        Assert.Contains("model.layers.1.self_attn.q_proj", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Logits(model));
        Assert.Contains("q_proj, k_proj, v_proj", Assert.Throws<ArgumentException>(() => LoraAdapter.Attach(model, new() { Targets = ["query"] }, 1)).Message, StringComparison.Ordinal);
    }
}
