using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Training;
using CustomerValue.Torch.Tests.Training;
using CustomerValue.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class NGramEmbeddingsTests
{
    private static readonly BertConfig s_config = new()
    {
        VocabSize = 60, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = 12, NGramBuckets = 1009, NGramOrder = 3, NGramWidth = 8,
    };

    [Fact]
    public void A_place_gets_the_rows_of_the_runs_that_end_there()
    {
        using var encoder = Bert.Create(s_config, seed: 3);
        var weights = encoder.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using var runs = encoder.modules().OfType<NGramEmbeddings>().Single();
        runs.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        int[] ids = [7, 59, 3, 3, 12];
        var found = runs.forward(tensor(ids.Select(i => (long)i).ToArray()).view(1, 5))[0];                       // [T, H]
        for (var at = 0; at < ids.Length; at++)
        {
            var table = weights["embeddings.ngrams.table.weight"];
            var sum = table[NGramHash.Row(ids, at, 2, 1009)] + table[NGramHash.Row(ids, at, 3, 1009)];
            Assert.True((weights["embeddings.ngrams.projection.weight"].mv(sum) - found[at]).abs().max().item<float>() < 1e-6f);
        }
    }

    [Fact]
    public void Order_matters_and_what_stands_before_the_text_counts_as_padding()
    {
        Assert.NotEqual(NGramHash.Row([5, 9], 1, 2, 1009), NGramHash.Row([9, 5], 1, 2, 1009));
        Assert.NotEqual(NGramHash.Row([5, 9], 1, 2, 1009), NGramHash.Row([5, 9], 1, 3, 1009));
        Assert.Equal(NGramHash.Row([0, 0, 5], 2, 3, 1009), NGramHash.Row([5], 0, 3, 1009));
        Assert.InRange(NGramHash.Row([int.MaxValue >> 7, int.MaxValue >> 7, int.MaxValue >> 7, int.MaxValue >> 7], 3, 4, 262_139), 0, 262_138);
    }

    [Fact]
    public void A_text_gets_the_same_states_whatever_stands_beside_it()
    {
        using var encoder = Bert.Create(s_config, seed: 3);
        encoder.eval();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var batch = TokenBatch.Of([[5, 6, 7], [1, 2, 3, 4, 8, 9, 10]], pad: 0);
        var together = encoder.forward(tensor(batch.Ids).view(2, 7), tensor(batch.Mask).view(2, 7))[0].narrow(0, 0, 3);
        Assert.True((encoder.forward(tensor(new long[] { 5, 6, 7 }).view(1, 3), null)[0] - together).abs().max().item<float>() < 5e-6f);
    }

    [Fact]
    public void The_folder_opens_again_the_same_and_is_no_plain_encoder_to_others()
    {
        var place = Directory.CreateTempSubdirectory("bert-");
        try
        {
            using var encoder = Bert.Create(s_config, seed: 3);
            encoder.eval();
            HuggingFaceFolder.Save(place.FullName, encoder, path => s_config.Write(path));
            Assert.Contains("\"ngram-bert\"", File.ReadAllText(Path.Combine(place.FullName, "config.json")));
            Assert.Equal(s_config, BertConfig.Read(Path.Combine(place.FullName, "config.json")));
            using var folder = HuggingFaceFolder.Open(place.FullName);
            using var again = folder.Bert();
            using var scope = NewDisposeScope();
            var ids = tensor(new long[] { 1, 2, 3 }).view(1, 3);
            Assert.True(encoder.forward(ids, null).equal(again.forward(ids, null)).all().item<bool>());
        }
        finally { place.Delete(recursive: true); }
    }

    [Fact]
    public void Rows_that_no_batch_has_read_stay_as_they_were_and_the_others_learn()
    {
        TorchThreads.Use(1);
        var config = SmallLanguage.Config(dropout: 0) with { NGramBuckets = 5003, NGramWidth = 8 };
        using var model = BertForMaskedLM.Create(config, seed: 1);
        var tokenizer = new LetterTokenizer();
        var table = model.named_parameters().Single(p => p.name.EndsWith("ngrams.table.weight", StringComparison.Ordinal)).parameter;
        var before = table.data<float>().ToArray();
        MaskedLanguageModelling.Train(model, new() { Training = new() { LearningRate = 3e-3, Epochs = 2, TokensPerBatch = 256 } }, SmallLanguage.Tokens(SmallLanguage.Reviews(50, 1).Texts), [], tokenizer.Special,
            null, null, TimeProvider.System, default);
        var changed = before.Chunk(8).Zip(table.data<float>().ToArray().Chunk(8)).Count(rows => !rows.First.SequenceEqual(rows.Second));
        Assert.InRange(changed, 20, 4000);
    }
}
