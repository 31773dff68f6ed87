using CustomerValue.Experiments;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Experiments;

public sealed class StageStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _made;

    public void Dispose() => _folder.Dispose();

    private string Make(StageStore store, string key) => store.Run("fit: a/b", [key],
        () => $"result {++_made}",
        (result, place) => File.WriteAllText(Path.Combine(place, "r.txt"), result),
        place => File.ReadAllText(Path.Combine(place, "r.txt")));

    [Fact]
    public void A_finished_stage_is_taken_by_the_next_run_and_said_to_be()
    {
        var first = new StageStore(_folder.Path, reuse: true, new FixedClock());
        var second = new StageStore(_folder.Path, reuse: true, new FixedClock());
        Assert.Equal("result 1", Make(first, "k"));
        Assert.Equal("result 1", Make(second, "k"));
        Assert.False(first.Costs.Single().Reused);
        Assert.True(second.Costs.Single().Reused);
    }

    [Fact]
    public void Another_key_or_a_fresh_run_does_the_work_again()
    {
        Make(new(_folder.Path, reuse: true, new FixedClock()), "k");
        Assert.Equal("result 2", Make(new(_folder.Path, reuse: true, new FixedClock()), "other"));
        Assert.Equal("result 3", Make(new(_folder.Path, reuse: false, new FixedClock()), "k"));
    }

    [Fact]
    public void A_stage_that_failed_half_way_leaves_nothing_to_take()
    {
        var store = new StageStore(_folder.Path, reuse: true, new FixedClock());
        Assert.Throws<IOException>(() => store.Run<int>("s", ["k"], () => 1, (_, _) => throw new IOException("disk full"), _ => 2));
        Assert.Equal(3, store.Run("s", ["k"], () => 3, (_, _) => { }, _ => 2));
    }

    [Fact]
    public void Keys_are_told_apart_by_their_parts() => Assert.NotEqual(StageStore.Digest(["ab", "c"]), StageStore.Digest(["a", "bc"]));
}
