using CustomerValue.Text.Embeddings;

namespace CustomerValue.Core.Tests.Text.Embeddings;

public class NearestNeighboursTests
{
    [Theory, InlineData(1, 7, 3), InlineData(500, 33, 10), InlineData(200, 384, 200), InlineData(5, 16, 20)]
    public void Finds_what_plain_loops_find(int count, int width, int k)
    {
        var chance = new SplitMix64(9);
        float[] Random() => [.. Enumerable.Range(0, width).Select(_ => (float)chance.Unit() - 0.5f)];
        var vectors = Enumerable.Range(0, count).Select(_ => Random()).ToArray();
        var queries = Enumerable.Range(0, 37).Select(_ => Random()).ToArray();
        var index = new NearestNeighbours([.. vectors.SelectMany(v => v)], width);
        foreach (var threads in new[] { 1, 2 })
        {
            var found = index.Find(queries, k, threads);
            for (var q = 0; q < queries.Length; q++)
            {
                var expected = vectors.Select((v, row) => (row, Similarity: v.Zip(queries[q], (a, b) => (double)a * b).Sum())).OrderByDescending(p => p.Similarity).Take(k).ToList();
                Assert.Equal(expected.Count, found[q].Length);
                for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i].Similarity, found[q][i].Similarity, 1e-4);
            }
        }
    }

    [Fact]
    public void Of_equally_close_ones_the_earlier_comes_first()
    {
        var index = new NearestNeighbours([1, 0, 0, 1, 1, 0, 1, 0], 2);
        Assert.Equal([0, 2, 3], index.Find([[1, 0]], 3)[0].Select(f => f.Row));
        Assert.Equal([0, 2], index.Find([[1, 0]], 2)[0].Select(f => f.Row));
    }

    [Fact]
    public void Other_widths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new NearestNeighbours(new float[7], 2));
        Assert.Contains("3 numbers", Assert.Throws<ArgumentException>(() => new NearestNeighbours(new float[8], 2).Find([new float[3]], 1)).Message, StringComparison.Ordinal);
    }
}
