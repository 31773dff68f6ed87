using CustomerValue.Torch.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Tests.Language;

public class ScalarsTests
{
    // With x + y this ends within a few thousand sums: "argument alpha must not be a floating point number", or a wrong sum.
    [Fact]
    public void Sums_and_products_hold_while_the_collector_frees_other_scalars()
    {
        using var ended = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                for (var i = 0; i < 100; i++) _ = (0.5 + i).ToScalar();      // what is freed is taken by the next
                GC.Collect(0);
            }
        });
        collector.Start();
        try
        {
            using var scope = NewDisposeScope();
            var (x, y) = (arange(100, ScalarType.Int64), ones(100, ScalarType.Int64));
            for (var i = 0; i < 20_000; i++)
            {
                using var inner = NewDisposeScope();
                Assert.Equal(3 * 99 + 1 + 7, x.Times(3L).Plus(y).Plus(7L)[99].item<long>());
            }
        }
        finally
        {
            ended.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void Numbers_are_what_they_were()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.5f, -2]);
        Assert.Equal([4.5f, 1], x.Plus(3).data<float>().ToArray());
        Assert.Equal([0.75f, -1], x.Times(0.5).data<float>().ToArray());
        Assert.Equal([0.75f, -1], x.Over(2).data<float>().ToArray());
        Assert.Equal([3L, 4, 5], Scalars.Range(3, 6, CPU).data<long>().ToArray());
    }
}
