using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;

namespace CustomerValue.Experiments;

/// <summary>A question to the data, and everything that its answer depends on.</summary>
/// <param name="Name">The experiment's folder name, such as 0001-shop.</param>
public sealed record Experiment(string Name)
{
    /// <summary>What it asks, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>The shop's records, found in the folder of data sets that the run is given.</summary>
    public required Func<string, Dataset> Data { get; init; }

    /// <summary>How customer ids are replaced. Features, and so results, come in the order of pseudonyms: a fixed key, or published ids, makes a run repeatable.</summary>
    public required Pseudonyms Pseudonyms { get; init; }

    /// <summary>The features.</summary>
    public required IFeatureBuilder Features { get; init; }

    /// <summary>Where the past ends.</summary>
    public required ExperimentSplit Split { get; init; }

    /// <summary>What is compared; names differ.</summary>
    public required IReadOnlyList<ICandidate> Candidates { get; init; }

    /// <summary>The figures reported.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = Metric.All;

    /// <summary>What the winner at value is chosen by.</summary>
    public Metric ValueMetric { get; init; } = Metric.NormalizedGini;

    /// <summary>What the winner at churn is chosen by.</summary>
    public Metric ChurnMetric { get; init; } = Metric.LogLoss;

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>Refuses an experiment that can't mean what it says.</summary>
    /// <exception cref="ArgumentException">Two candidates share a name, there are none, or the split looks ahead.</exception>
    public void Validate()
    {
        Split.Validate();
        CandidateNames.Check(Name, Candidates.Select(c => c.Name));
    }
}
