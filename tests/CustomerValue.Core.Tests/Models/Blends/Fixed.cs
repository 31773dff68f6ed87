using CustomerValue.Features;
using CustomerValue.Models;

namespace CustomerValue.Tests.Models.Blends;

/// <summary>A candidate that answers by a given rule and keeps book of what it was fitted on.</summary>
internal sealed class Fixed(string name, Func<FeatureTable, Scores> answer) : ICandidate
{
    public List<TrainingData> FittedOn { get; } = [];

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["rule"] = name };

    public IFittedCandidate Fit(TrainingData data, FitContext context)
    {
        FittedOn.Add(data);
        return new Fitted(answer);
    }

    private sealed class Fitted(Func<FeatureTable, Scores> answer) : IFittedCandidate
    {
        public IReadOnlyList<string> Columns => [];

        public Scores Predict(FeatureTable customers) => answer(customers);
    }
}
