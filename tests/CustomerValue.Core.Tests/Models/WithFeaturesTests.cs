using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models;

public class WithFeaturesTests
{
    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(
        new WithFeatures(new Ranks(), new RecencyRule("silence_over_mean")),
        codecs: ModelCodecs.Core.With(new ModelCodec<Ranks.Fitted>("ranks", (m, to) => to.Number("mean", m.Mean), from => new(from.Number("mean")))));

    [Fact]
    public void A_column_means_the_same_on_all_rows()
    {
        var (added, data) = (new Ranks(), SampleCustomers.Training());
        var fitted = new WithFeatures(added, new RecencyRule("silence_over_mean")).Fit(data, new(Seed: 1));
        fitted.Predict(data.Cutoffs[0].Features);
        Assert.Same(data.Current, Assert.Single(added.FittedOn));
    }

    [Fact]
    public void What_was_added_stands_in_the_settings() =>
        Assert.Equal("silence over its mean", new WithFeatures(new Ranks(), new RecencyRule("silence_over_mean")).Settings["added_features"]);

    private sealed class Ranks : IEstimator<FeatureTable, IAddedFeatures>
    {
        public List<FeatureTable> FittedOn { get; } = [];

        public IAddedFeatures Fit(FeatureTable data)
        {
            FittedOn.Add(data);
            return new Fitted(data["days_since_last_purchase"].Average());
        }

        public override string ToString() => "silence over its mean";

        internal sealed record Fitted(double Mean) : IAddedFeatures
        {
            public IReadOnlyList<string> Columns => ["days_since_last_purchase"];

            public IReadOnlyList<FeatureInfo> Features => [new("silence_over_mean", "ratio", "", "")];

            public FeatureTable Transform(FeatureTable data) =>
                data.With(Features, [[.. data["days_since_last_purchase"].Select(d => d / Mean)]]);
        }
    }
}
