using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class LengthBucketsTests
{
    private static readonly int[] s_lengths = [.. Enumerable.Range(0, 1000).Select(i => 3 + i * 7919 % 60)];
    private static readonly LengthBuckets s_buckets = new(s_lengths, tokensPerBatch: 256, seed: 7);

    [Fact]
    public void Every_text_stands_in_one_batch_under_the_budget()
    {
        foreach (var epoch in new[] { 0, 1, 5 })
        {
            var batches = s_buckets.Epoch(epoch);
            Assert.Equal(s_buckets.Count, batches.Count);
            Assert.Equal(Enumerable.Range(0, 1000), batches.SelectMany(b => b).Order());
            Assert.All(batches, b => Assert.InRange(b.Length * b.Max(t => s_lengths[t]), 1, 256));
        }
    }

    [Fact]
    public void Hardly_anything_is_padding()
    {
        var padded = s_buckets.Epoch(0).Sum(b => b.Length * b.Max(t => s_lengths[t]));
        Assert.InRange(padded, s_lengths.Sum(), 1.04 * s_lengths.Sum());
    }

    [Fact]
    public void An_epoch_follows_from_the_seed_and_its_number()
    {
        Assert.Equal(s_buckets.Epoch(3), new LengthBuckets(s_lengths, 256, seed: 7).Epoch(3));
        Assert.NotEqual(s_buckets.Epoch(3), s_buckets.Epoch(4));
        Assert.NotEqual(s_buckets.Epoch(3), new LengthBuckets(s_lengths, 256, seed: 8).Epoch(3));
    }

    [Fact]
    public void Batches_do_not_come_in_the_order_of_their_lengths()
    {
        var widths = s_buckets.Epoch(0).Select(b => s_lengths[b[0]]).ToArray();
        Assert.InRange(widths.Zip(widths.Skip(1)).Count(w => w.First <= w.Second), widths.Length / 3, 2 * widths.Length / 3);
    }

    [Fact]
    public void A_text_longer_than_the_budget_goes_alone() =>
        Assert.Equal([2, 1], new LengthBuckets([4, 900, 4], 64, 1).Epoch(0).Select(b => b.Length).OrderDescending());

    [Fact]
    public void No_texts_make_no_batches() => Assert.Empty(new LengthBuckets([], 64, 1).Epoch(0));
}
