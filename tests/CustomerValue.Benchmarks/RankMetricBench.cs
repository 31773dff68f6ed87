using CustomerValue.Evaluation;

namespace CustomerValue.Benchmarks;

/// <summary>How cheap is a figure once the rows are sorted? That is what a bootstrap repeats.</summary>
[MemoryDiagnoser]
public class RankMetricBench
{
    private double[] _spend = null!, _churned = null!, _predicted = null!;
    private int[] _times = null!;
    private Judge _gini = null!, _auc = null!;

    [Params(1_000_000)] public int Rows { get; set; }

    [GlobalSetup]
    public void Draw()
    {
        var random = new SplitMix64(7);
        (_spend, _churned, _predicted, _times) = (new double[Rows], new double[Rows], new double[Rows], new int[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            _predicted[row] = random.Unit();
            _churned[row] = random.Unit() > _predicted[row] ? 1 : 0;
            _spend[row] = _churned[row] == 1 ? 0 : -100 * Math.Log(1 - random.Unit()) * _predicted[row];
            _times[row] = 1;
        }
        (_gini, _auc) = (Metric.NormalizedGini.Prepare(_spend, _predicted), Metric.RocAuc.Prepare(_churned, _predicted));
    }

    [Benchmark(Baseline = true)]
    public double[] SortAlone()
    {
        var sorted = (double[])_predicted.Clone();
        Array.Sort(sorted);
        return sorted;
    }

    [Benchmark] public double Gini() => Metric.NormalizedGini.Of(_spend, _predicted);

    [Benchmark] public double GiniOnceSorted() => _gini(_times);

    [Benchmark] public double Auc() => Metric.RocAuc.Of(_churned, _predicted);

    [Benchmark] public double AucOnceSorted() => _auc(_times);
}
