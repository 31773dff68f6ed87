using CustomerValue.Torch.Language;
using CustomerValue.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class BertTests
{
    [Theory, InlineData("all-minilm-l6-v2"), InlineData("bert-tiny-random")]
    public void Hidden_states_and_poolings_are_those_that_transformers_computed(string model)
    {
        var (path, expected) = Expected.Of(model);
        using var folder = HuggingFaceFolder.Open(path);
        using var bert = folder.Bert();
        using var quiet = inference_mode();
        foreach (var @case in expected.Cases)
        {
            using var scope = NewDisposeScope();
            var name = Expected.Name(@case);
            var types = @case.TryGetProperty("token_type_ids", out _) ? Expected.Row(Expected.Ids(@case, "token_type_ids")) : null;
            var states = bert.HiddenStates(Expected.Row(Expected.Ids(@case, "input_ids")), mask: null, types);
            var norms = Expected.Reals(@case, "hidden_state_l2");
            Assert.Equal(norms.Length, states.Count);
            for (var layer = 0; layer < norms.Length; layer++) Expected.NearRelative(norms[layer], states[layer].norm().item<float>(), 1e-5, $"{name}, layer {layer}");
            var mean = states[^1].mean([1])[0];
            Expected.Near(Expected.Reals(@case, "mean_pooled_first8"), mean.data<float>().ToArray(), expected.Tolerance, $"{name}, mean");
            Expected.NearRelative(@case.GetProperty("mean_pooled_l2").GetDouble(), mean.norm().item<float>(), 1e-5, $"{name}, norm of the mean");
            Expected.Near(Expected.Reals(@case, "cls_last_hidden_first8"), states[^1][0, 0].data<float>().ToArray(), expected.Tolerance, $"{name}, [CLS]");
            Expected.Near(Expected.Reals(@case, "pooler_output_first8"), bert.Pooled(states[^1])![0].data<float>().ToArray(), expected.Tolerance, $"{name}, pooler");
        }
    }

    [Theory, InlineData(WeightUse.AsStored), InlineData(WeightUse.Train)]
    public void Half_precision_on_the_fly_and_memory_of_its_own_give_the_same(WeightUse use)
    {
        var (path, expected) = Expected.Of("all-minilm-l6-v2");
        using var folder = HuggingFaceFolder.Open(path);
        using var whole = folder.Bert();
        using var other = folder.Bert(use);
        using var scope = NewDisposeScope();
        using var quiet = inference_mode();
        var ids = Expected.Row(Expected.Ids(expected.Cases[0], "input_ids"));
        Assert.True((whole.forward(ids, null) - other.forward(ids, null)).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void A_padded_batch_gives_what_single_texts_give()
    {
        var (path, expected) = Expected.Of("bert-tiny-random");
        using var folder = HuggingFaceFolder.Open(path);
        using var bert = folder.Bert();
        using var scope = NewDisposeScope();
        int[][] texts = [.. expected.Cases.Where(c => c.GetProperty("n_tokens").GetInt32() < 100).Select(c => Expected.Ids(c, "input_ids"))];
        var batch = CustomerValue.Text.TokenBatch.Of(texts, bert.Config.PadTokenId);
        long[] shape = [batch.Rows, batch.Length];
        using var quiet = inference_mode();
        var together = bert.forward(tensor(batch.Ids).view(shape), tensor(batch.Mask).view(shape));
        for (var row = 0; row < texts.Length; row++)
        {
            var alone = bert.forward(Expected.Row(texts[row]), null)[0];
            Assert.True((alone - together[row].narrow(0, 0, texts[row].Length)).abs().max().item<float>() < 5e-6f);
        }
    }

    [Fact]
    public void Parameters_are_named_and_shaped_as_published()
    {
        var (path, _) = Expected.Of("all-minilm-l6-v2");
        using var folder = HuggingFaceFolder.Open(path);
        using var bert = folder.Bert();
        Assert.Equal(folder.Weights.Weights.Select(w => $"{w.Name} {string.Join(",", w.Shape)}").Order(), bert.named_parameters().Select(p => $"{p.name} {string.Join(",", p.parameter.shape)}").Order());
        Assert.Empty(folder.Extra);
    }

    [Fact]
    public void A_new_model_follows_from_its_seed_and_its_loss_starts_where_guessing_does()
    {
        CustomerValue.Torch.Native.TorchThreads.Use(1);
        var config = new BertConfig { VocabSize = 100, HiddenSize = 32, Layers = 2, Heads = 2, IntermediateSize = 64, MaxPositions = 16 };
        using var scope = NewDisposeScope();
        using var a = BertForMaskedLM.Create(config, seed: 7);
        using var b = BertForMaskedLM.Create(config, seed: 7);
        using var c = BertForMaskedLM.Create(config, seed: 8);
        var ids = tensor(new long[] { 1, 2, 3, 4, 5, 6, 7, 8 }).view(2, 4);
        foreach (var model in new[] { a, b, c }) model.eval();
        Assert.True(a.forward(ids, null).equal(b.forward(ids, null)).all().item<bool>());
        Assert.False(a.forward(ids, null).equal(c.forward(ids, null)).all().item<bool>());
        var loss = nn.functional.cross_entropy(a.forward(ids, null).view(8, 100), ids.view(8));
        Assert.InRange(loss.item<float>(), Math.Log(100) - 0.5, Math.Log(100) + 0.5);
        loss.backward();
        Assert.All(a.named_parameters(), p => Assert.True(p.parameter.grad is not null, p.name));
        Assert.Contains("cls.predictions.transform.LayerNorm.weight", a.named_parameters().Select(p => p.name));
        Assert.Contains("bert.encoder.layer.1.attention.self.query.weight", a.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void What_is_saved_opens_again_the_same()
    {
        CustomerValue.Torch.Native.TorchThreads.Use(1);
        var config = new BertConfig { VocabSize = 60, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 8, Activation = "gelu_new" };
        var place = Directory.CreateTempSubdirectory("bert-");
        try
        {
            using var scope = NewDisposeScope();
            using var model = BertForMaskedLM.Create(config, seed: 3);
            model.eval();
            HuggingFaceFolder.Save(place.FullName, model, path => config.Write(path, "BertForMaskedLM"));
            using var folder = HuggingFaceFolder.Open(place.FullName);
            using var again = folder.BertForMaskedLM(WeightUse.Single, seed: 0);
            using var encoder = folder.Bert();
            var ids = tensor(new long[] { 1, 2, 3 }).view(1, 3);
            Assert.True(model.forward(ids, null).equal(again.forward(ids, null)).all().item<bool>());
            Assert.True(model.Encoder.forward(ids, null).equal(encoder.forward(ids, null)).all().item<bool>());
            Assert.Equal(config, BertConfig.Read(Path.Combine(place.FullName, "config.json")));
            Assert.Equal(5, folder.Extra.Count);                                  // the head: named, not needed by the encoder
        }
        finally { place.Delete(recursive: true); }
    }

    [Fact]
    public void Missing_extra_and_misshapen_weights_are_named()
    {
        CustomerValue.Torch.Native.TorchThreads.Use(1);
        var place = Directory.CreateTempSubdirectory("bert-");
        try
        {
            using var model = Bert.Create(new() { VocabSize = 60, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 8 }, seed: 3);
            HuggingFaceFolder.Save(place.FullName, model, path => (model.Config with { Layers = 2, VocabSize = 61 }).Write(path));
            using var folder = HuggingFaceFolder.Open(place.FullName);
            var error = Assert.Throws<InvalidDataException>(() => folder.Bert());
            Assert.Contains("Missing (16)", error.Message, StringComparison.Ordinal);
            Assert.Contains("encoder.layer.1.output.dense.weight", error.Message, StringComparison.Ordinal);
            Assert.Contains("embeddings.word_embeddings.weight is [60, 16], expected [61, 16]", error.Message, StringComparison.Ordinal);
        }
        finally { place.Delete(recursive: true); }
    }

    [Fact]
    public void A_text_longer_than_the_position_table_is_refused_in_words()
    {
        CustomerValue.Torch.Native.TorchThreads.Use(1);
        using var model = Bert.Create(new() { VocabSize = 60, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 8 }, seed: 3);
        using var ids = zeros(1, 9, ScalarType.Int64);
        Assert.Contains("[B, at most 8]", Assert.Throws<ShapeException>(() => model.forward(ids, null)).Message, StringComparison.Ordinal);
    }
}
