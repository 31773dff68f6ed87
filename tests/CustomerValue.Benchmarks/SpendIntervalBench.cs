using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Benchmarks;

/// <summary>What does a predictive interval cost beside expected spend?</summary>
[MemoryDiagnoser]
public class SpendIntervalBench
{
    private static readonly Horizon s_horizon = Horizon.OfWeeks(39);
    private PurchaseHistories _histories = null!;

    [Params(100_000)] public int Customers { get; set; }

    [GlobalSetup] public void Simulate() => _histories = Cohort.Of(Customers);

    [Benchmark(Baseline = true)] public double[] ExpectedSpend() => new BtydLifetimeValueModel(Cohort.BgNbd, Cohort.Spend).ExpectedSpend(_histories, s_horizon);

    [Benchmark] public SpendIntervals BgNbdInterval() => new BtydLifetimeValueModel(Cohort.BgNbd, Cohort.Spend).Intervals(_histories, s_horizon);

    [Benchmark] public SpendIntervals ParetoNbdInterval() => new BtydLifetimeValueModel(Cohort.ParetoNbd, Cohort.Spend).Intervals(_histories, s_horizon);
}
