using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models;

public class OnColumnsTests
{
    private static readonly TrainingData s_data = SampleWriters.Training();

    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(OnColumns.WithoutText(new RecencyRule()), s_data);

    [Fact]
    public void Without_text_there_is_none_at_any_cutoff()
    {
        var data = Shown(OnColumns.WithoutText);
        Assert.Equal(SampleCustomers.Features, data.Current.Features);
        Assert.All(data.Cutoffs, c => Assert.DoesNotContain(c.Features.Features, TextSets.Has));
        Assert.Equal(s_data.Rows, data.Rows);
    }

    [Fact]
    public void Only_the_sets_named_are_seen() =>
        Assert.Equal(["texts", "anger"], Shown((inner, _) => OnColumns.Of(inner, [TextSets.Writing, TextSets.Meaning], "words")).Current.Features.Select(f => f.Name));

    [Fact]
    public void A_set_that_is_left_out_may_be_absent() =>
        Assert.Equal(s_data.Current.Features.Count, Shown((inner, _) => OnColumns.Without(inner, ["browsing"], "blind")).Current.Features.Count);

    [Fact]
    public void What_it_sees_stands_in_name_and_settings()
    {
        var without = OnColumns.WithoutText(new RecencyRule());
        Assert.Equal("recency-without-text", without.Name);
        Assert.Equal("writing meaning text_vector", without.Settings["without_sets"]);
        Assert.Equal(new RecencyRule().Settings["column"], without.Settings["column"]);
    }

    [Fact]
    public void A_set_that_is_asked_for_must_be_there()
    {
        var error = Assert.Throws<InvalidOperationException>(() => OnColumns.Of(new RecencyRule(), ["browsing"], "clicks").Fit(s_data, new(Seed: 1)));
        Assert.Contains("'clicks' is to see the feature set 'browsing', which the table at", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OnColumns.Of(new RecencyRule(), [], "nothing"));
        Assert.Throws<InvalidOperationException>(() => OnColumns.Without(new RecencyRule(), ["sample", .. TextSets.All], "nothing").Fit(s_data, new(Seed: 1)));
    }

    private static TrainingData Shown(Func<ICandidate, string?, ICandidate> narrow)
    {
        var probe = new Probe();
        narrow(probe, null).Fit(s_data, new(Seed: 1));
        return probe.Data!;
    }

    private sealed class Probe : ICandidate
    {
        public TrainingData? Data { get; private set; }
        public string Name => "probe";
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            Data = data;
            return new MeanCustomer().Fit(data, context);
        }
    }
}
