using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Native;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class TextEmbedderTests
{
    [Theory, InlineData("all-minilm-l6-v2"), InlineData("bert-tiny-random")]
    public void From_text_to_vector_as_the_original_did(string model)
    {
        var (path, expected) = Expected.Of(model);
        using var embedder = TextEmbedder.Open(path);
        var cases = expected.Cases.Where(c => !c.TryGetProperty("text_pair", out _)).ToList();
        var vectors = embedder.Embed([.. cases.Select(c => c.GetProperty("text").GetString()!)]);
        for (var i = 0; i < cases.Count; i++) Expected.Near(Expected.Reals(cases[i], "mean_pooled_first8"), vectors[i], expected.Tolerance, Expected.Name(cases[i]));
        using var normal = TextEmbedder.Open(path, new() { Normalize = true });
        foreach (var @case in cases.Where(c => c.TryGetProperty("sentence_embedding_first8", out _)))
            Expected.Near(Expected.Reals(@case, "sentence_embedding_first8"), normal.Embed(@case.GetProperty("text").GetString()!), expected.Tolerance, Expected.Name(@case));
    }

    [Theory, InlineData("bert-tiny-random"), InlineData("qwen3-tiny-random")]
    public void Many_at_once_give_what_each_gives_alone_whatever_the_batches(string model)
    {
        var (path, expected) = Expected.Of(model);
        string[] texts = [.. expected.Cases.Select(c => c.GetProperty("text").GetString()!), "the cat", "the cat", expected.Cases[0].GetProperty("text").GetString()!];
        foreach (var (budget, threads) in new[] { (1, 1), (40, 1), (4096, 1), (40, 3), (4096, 2) })
        {
            using var embedder = TextEmbedder.Open(path, new() { TokensPerBatch = budget, MaxTokens = 100 });
            TorchThreads.Use(threads);
            var together = embedder.Embed(texts);
            Assert.Equal(threads, get_num_threads());           // batches ran on one thread each; what follows has all of them again
            TorchThreads.Use(1);
            for (var i = 0; i < texts.Length; i++)
            {
                var alone = embedder.Embed(texts[i]);
                for (var d = 0; d < alone.Length; d++) Assert.Equal(alone[d], together[i][d], 2e-5);
            }
        }
    }

    [Fact]
    public void A_second_run_finds_everything_in_the_cache_and_other_options_nothing()
    {
        var (path, expected) = Expected.Of("bert-tiny-random");
        var place = Directory.CreateTempSubdirectory("embeddings-").FullName;
        string[] texts = [.. expected.Cases.Select(c => c.GetProperty("text").GetString()!).Distinct()];
        using var embedder = TextEmbedder.Open(path);
        float[][] first;
        using (var cache = embedder.OpenCache(place))
        {
            first = embedder.Embed(texts, cache);
            Assert.Equal(texts.Length, cache.Count);
        }
        using (var cache = embedder.OpenCache(place))
        {
            var reports = new List<StageProgress>();
            Assert.Equal(first, embedder.Embed(texts, cache, new Reports(reports)));
            Assert.Empty(reports);                                              // nothing was computed
        }
        using var other = TextEmbedder.Open(path, new() { Normalize = true });
        using var otherCache = other.OpenCache(place);
        Assert.Equal(0, otherCache.Count);
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public void Pooling_takes_no_padding_on_either_side()
    {
        using var scope = NewDisposeScope();
        var states = arange(12, ScalarType.Float32).view(2, 3, 2);              // rows of tokens (0,1) (2,3) (4,5); (6,7) (8,9) (10,11)
        var mask = tensor(new long[] { 1, 1, 0, 0, 1, 1 }).view(2, 3);
        float[] Pooled(Pooling pooling, Tensor? m) => TextPooling.Pool(states, m, pooling).contiguous().data<float>().ToArray();
        Assert.Equal([1, 2, 9, 10], Pooled(Pooling.Mean, mask));
        Assert.Equal([2, 3, 10, 11], Pooled(Pooling.Last, mask));
        Assert.Equal([4, 5, 10, 11], Pooled(Pooling.Last, null));
        Assert.Equal([0, 1, 6, 7], Pooled(Pooling.First, mask));
        Assert.Equal([2, 3, 8, 9], Pooled(Pooling.Mean, null));
    }

    private sealed class Reports(List<StageProgress> reports) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => reports.Add(value);
    }
}
