namespace CustomerValue.Tests;

/// <summary>Parts of a work done at once.</summary>
public sealed class AtOnceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_part_is_done_once(int threads)
    {
        var done = new int[100];
        AtOnce.For(done.Length, threads, part => Interlocked.Increment(ref done[part]), default);
        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_failure_comes_out_as_it_was_thrown(int threads) =>
        Assert.Throws<InvalidDataException>(() => AtOnce.For(50, threads, part => { if (part == 7) throw new InvalidDataException("part 7"); }, default));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancelling_ends_it_between_two_parts(int threads)
    {
        using var stop = new CancellationTokenSource();
        var done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => AtOnce.For(10_000, threads, _ =>
        {
            Interlocked.Increment(ref done);
            stop.Cancel();
        }, stop.Token));
        Assert.InRange(done, 1, 9_999);
    }
}
