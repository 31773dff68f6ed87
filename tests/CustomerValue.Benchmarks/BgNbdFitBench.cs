using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Benchmarks;

/// <summary>How much faster is a fit on histories in whole days, of which many are alike and collapsed into one row?</summary>
[MemoryDiagnoser]
public class BgNbdFitBench
{
    private PurchaseHistories _apart = null!, _days = null!;

    [Params(2_357, 1_000_000)] public int Customers { get; set; }

    [GlobalSetup] public void Simulate() => (_apart, _days) = (Cohort.Of(Customers), Cohort.Of(Customers, wholeDays: true));

    [Benchmark(Baseline = true)] public BgNbdModel NoTwoAlike() => new BgNbd().Fit(_apart);

    [Benchmark] public BgNbdModel WholeDays() => new BgNbd().Fit(_days);
}
