using CustomerValue.Features;

namespace CustomerValue.Benchmarks;

/// <summary>The series of expected purchases are shared by customers with the same number of purchases: how much faster is a batch than its customers one by one?</summary>
[MemoryDiagnoser]
public class ExpectedPurchasesBench
{
    private PurchaseHistories _histories = null!;

    [Params(2_357, 1_000_000)] public int Customers { get; set; }

    [GlobalSetup] public void Simulate() => _histories = Cohort.Of(Customers);

    [Benchmark(Baseline = true)]
    public double OneByOne()
    {
        double sum = 0;
        for (var row = 0; row < _histories.Count; row++) sum += Cohort.BgNbd.ExpectedPurchases(_histories[row], 39);
        return sum;
    }

    [Benchmark] public double[] Batch() => Cohort.BgNbd.ExpectedPurchases(_histories, 39);
}
