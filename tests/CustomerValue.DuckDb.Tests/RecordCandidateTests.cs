using CustomerValue.DuckDb;
using CustomerValue.Experiments;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>A candidate that reads records, in an experiment.</summary>
public sealed class RecordCandidateTests
{
    [Fact]
    public void It_is_given_records_in_every_run_wins_and_makes_no_package()
    {
        using var folder = new TemporaryFolder();
        var first = Run(folder, new CountsOrders("one"));
        Assert.Equal("one", first.Winners.Value);
        Assert.Null(first.Package);
        // The features now come from the first run's files, and another candidate's fit needs the records still.
        var second = Run(folder, new CountsOrders("another"));
        Assert.Equal(first.Candidates[0].Metrics, second.Candidates[0].Metrics);
        Assert.True(first.Candidates[0].Metrics["gini"] > 0.3, $"{first.Candidates[0].Metrics["gini"]}");
    }

    private static ExperimentResult Run(TemporaryFolder folder, ICandidate candidate)
    {
        var runs = new RecordedRuns();
        return new ExperimentRunner(
            new("records")
            {
                Question = "Are records given?",
                Data = data => Dataset.Open(Path.Combine(data, "shop")),
                Pseudonyms = Pseudonyms.Published,
                Features = new FeatureQuery("rfm"),
                Split = new([new(2023, 7, 1), new(2024, 1, 1)], TestCutoff: new(2024, 7, 1), HorizonDays: 180),
                Candidates = [candidate],
                Seed = 7,
            },
            new()
            {
                DataFolder = Path.Combine(RealData.Root, "data-samples"), OutputFolder = folder.In("out"), DataName = "data-samples", Codecs = ModelCodecs.Core,
                Time = TimeProvider.System, Tracker = runs, Registry = runs, Commit = "abc", User = "someone",
            }).Run(CancellationToken.None);
    }

    private sealed class CountsOrders(string name) : IReadsRecords, IFittedCandidate
    {
        public string Name => name;
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();
        public IReadOnlyList<string> Columns => [];

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            Assert.All(data.Cutoffs, c => Assert.Equal(c.Features.Rows, CustomerHistories.Of(c.Features, name).Count(h => h.Purchases.Count > 0)));
            return this;
        }

        public Scores Predict(FeatureTable customers) => new([.. CustomerHistories.Of(customers, name).Select(h => (double)h.Purchases.Sum(p => p.Amount.Amount)).Select(spent => Math.Max(0, spent))]);
    }
}
