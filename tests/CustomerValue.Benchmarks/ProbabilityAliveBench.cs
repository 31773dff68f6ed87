using CustomerValue.Features;

namespace CustomerValue.Benchmarks;

/// <summary>Does a batch, spread over the cores, beat its customers one by one, and a parallel query over them?</summary>
[MemoryDiagnoser]
public class ProbabilityAliveBench
{
    private PurchaseHistories _histories = null!;

    [Params(2_357, 1_000_000)] public int Customers { get; set; }

    [GlobalSetup] public void Simulate() => _histories = Cohort.Of(Customers);

    [Benchmark(Baseline = true)]
    public double OneByOne()
    {
        double sum = 0;
        for (var row = 0; row < _histories.Count; row++) sum += Cohort.BgNbd.ProbabilityAlive(_histories[row]);
        return sum;
    }

    [Benchmark] public double Parallel() => ParallelEnumerable.Range(0, _histories.Count).Sum(row => Cohort.BgNbd.ProbabilityAlive(_histories[row]));

    [Benchmark] public double[] Batch() => Cohort.BgNbd.ProbabilityAlive(_histories);
}
