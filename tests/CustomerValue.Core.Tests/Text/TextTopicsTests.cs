using CustomerValue.Text;
using CustomerValue.Text.Embeddings;

namespace CustomerValue.Core.Tests.Text;

public sealed class TextTopicsTests
{
    private static TopicText[] Shop() =>
    [
        .. Enumerable.Range(0, 60).SelectMany(i => new TopicText[]
        {
            new($"c{i % 20}", $"The parcel arrived late, courier {i} never rang", "delivery", 0.5 + i / 200.0),
            new($"c{i % 30}", $"Too expensive, the price went up by {i}", "price", 0.9 - i / 200.0),
            new($"z{i % 5}", $"物流太慢了，等了{i}天才到", "delivery", 0.4), new($"z{i % 5}", $"价格太贵了，涨了{i}块", "price", 0.4),
        }),
    ];

    [Fact]
    public void Topics_are_named_by_what_their_texts_say_more_than_the_others()
    {
        var topics = TextTopics.Of(Shop());
        Assert.Equal(["price", "delivery"], topics.Select(t => t.Topic));
        Assert.Equal((120, 35, 1.0), (topics[0].Texts, topics[0].Customers, topics[0].ShareOfCustomers));
        Assert.Equal((120, 25, 25 / 35.0), (topics[1].Texts, topics[1].Customers, topics[1].ShareOfCustomers));
        Assert.Contains(topics[0].Phrases, p => p.Term == "price");
        Assert.DoesNotContain(topics[0].Phrases, p => p.Term is "courier" or "parcel");
        Assert.Contains(topics[1].Phrases, p => p.Term == "arrived late");
        Assert.Contains(topics[1].Phrases, p => p.Term.Contains("物流", StringComparison.Ordinal));
        Assert.All(topics, t => Assert.True(t.Phrases.Count <= 8 && t.Phrases.All(p => p.Z >= 2)));
    }

    [Fact]
    public void Examples_are_the_surest_texts_of_different_customers_and_short_ones_first()
    {
        var topics = TextTopics.Of([.. Shop(), new("c1", "Expensive! " + new string('x', 400), "price", 1), new("c0", "The price, again", "price", 0.99)]);
        Assert.Equal(["The price, again", "Too expensive, the price went up by 1", "Too expensive, the price went up by 2"], topics[0].Examples);
    }

    [Fact]
    public void No_texts_are_no_topics() => Assert.Empty(TextTopics.Of([]));

    [Fact]
    public void Vectors_that_point_the_same_way_are_one_cluster_the_largest_first()
    {
        float[][] directions = [[1, 0, 0.2f], [0, 1, 0.2f], [-1, -1, 0.2f]];
        var random = SplitMix64.Stream(3, 1);
        var of = Enumerable.Range(0, 90).Select(i => i < 50 ? 1 : i < 75 ? 0 : 2).ToArray();
        float[][] vectors = [.. of.Select(d => directions[d].Select(x => 5 + x + 0.1f * ((float)random.Unit() - 0.5f)).ToArray())];
        var (cluster, cosine) = VectorClusters.Of(vectors, 3, seed: 5);
        Assert.Equal(of.Select(d => d == 1 ? 0 : d == 0 ? 1 : 2), cluster);
        Assert.All(cosine, c => Assert.InRange(c, 0.9f, 1.001f));
        Assert.Equal(cluster, VectorClusters.Of(vectors, 3, seed: 5).Cluster);
        Assert.Single(VectorClusters.Of([[1, 2], [1, 2], [1, 2]], 4).Cluster.Distinct());
        Assert.Empty(VectorClusters.Of([], 4).Cluster);
    }
}
