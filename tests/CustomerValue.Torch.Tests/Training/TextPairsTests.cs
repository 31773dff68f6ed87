using CustomerValue.Text;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class TextPairsTests
{
    private static TextPair[] Pairs(int count) => [.. Enumerable.Range(0, count).Select(at => new TextPair($"one {at}", $"other {at}", $"g{at % 50}"))];

    [Fact]
    public void Neighbours_of_a_group_become_pairs_and_no_text_stands_in_two()
    {
        GroupedText[] texts =
        [
            new("a1", "a"), new(" b1 ", "b"), new("", "a"), new("a2", "a"), new("b1", "b"), new("a3", "a"), new("lost", null), new("lost", " "), new("b2", "b"), new("a4", "a"), new("a5", "a"),
        ];
        Assert.Equal([new("a1", "a2", "a"), new("b1", "b2", "b"), new("a3", "a4", "a")], TextPairs.OfNeighbours(texts));
    }

    [Fact]
    public void Whole_groups_are_held_out_by_content_whatever_else_there_is()
    {
        var (train, held) = TextPairs.Split(Pairs(1000), 0.2);
        Assert.Equal(1000, train.Count + held.Count);
        Assert.InRange(held.Count, 60, 400);
        Assert.Empty(train.Select(p => p.Group).Intersect(held.Select(p => p.Group)));
        var (_, fewer) = TextPairs.Split([.. Pairs(1000).Reverse().Where((_, at) => at % 2 == 0)], 0.2);
        Assert.All(fewer, pair => Assert.Contains(pair, held));
        Assert.Empty(TextPairs.Split(Pairs(1000), 0).HeldOut);

        var bare = Pairs(1000).Select(p => p with { Group = null }).ToArray();
        Assert.InRange(TextPairs.Split(bare, 0.2).HeldOut.Count, 150, 250);
        Assert.Throws<ArgumentOutOfRangeException>(() => TextPairs.Split(bare, 1));
    }

    [Fact]
    public void Some_of_many_are_spread_over_all_and_keep_their_order()
    {
        var some = TextPairs.AtMost(Pairs(1000), 100);
        Assert.Equal(100, some.Count);
        Assert.Equal(Pairs(1000).Where(some.Contains), some);
        Assert.InRange(some.Count(p => int.Parse(p.One[4..], System.Globalization.CultureInfo.InvariantCulture) < 500), 30, 70);
        Assert.Equal(some, TextPairs.AtMost(TextPairs.AtMost(Pairs(1000), 500), 100));
        Assert.Equal(Pairs(5), TextPairs.AtMost(Pairs(5), 5));
    }
}
