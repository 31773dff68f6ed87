using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Packaging;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models;

public class WithReducedTextTests
{
    private static readonly TrainingData s_data = SampleWriters.Training();

    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(
        new WithReducedText(new OnFirstComponent(), components: 3), s_data, ModelCodecs.Core.With(new ModelCodec<OnFirstComponent>("first", (_, _) => { }, _ => new())));

    [Fact]
    public void The_inner_candidate_sees_components_in_place_of_the_vector()
    {
        var inner = new Seen();
        new WithReducedText(inner, components: 3).Fit(s_data, new(Seed: 1));
        var data = Assert.Single(inner.Data);
        foreach (var table in data.Cutoffs.Select(c => c.Features).Append(data.Current))
        {
            Assert.DoesNotContain(table.Features, f => f.Set == TextSets.Vector);
            Assert.Equal(["text_component_1", "text_component_2", "text_component_3"], table.Features.Select(f => f.Name).TakeLast(3));
            Assert.True(table.Has("anger") && table.Has("frequency"));
        }
    }

    [Fact]
    public void Components_are_learned_from_training_rows_that_wrote_and_from_nothing_else()
    {
        static double[] First(TrainingData data)
        {
            var inner = new Seen();
            new WithReducedText(inner, components: 2).Fit(data, new(Seed: 1));
            return inner.Data[0].Cutoffs[0].Features["text_component_1"];
        }
        var expected = First(s_data);
        var currentChanged = s_data with { Current = Scaled(s_data.Current, _ => true) };
        Assert.Equal(expected, First(currentChanged));

        // Rows without texts: as many as one likes; they move neither the mean nor the directions.
        var silent = s_data.Cutoffs[1].Features["texts"];
        var fewer = s_data with { Cutoffs = [s_data.Cutoffs[0], s_data.Cutoffs[1].At([.. Enumerable.Range(0, silent.Length).Where(row => silent[row] > 0)])] };
        Assert.Equal(expected, First(fewer));

        var trainingChanged = s_data with { Cutoffs = [s_data.Cutoffs[0], s_data.Cutoffs[1] with { Features = Scaled(s_data.Cutoffs[1].Features, row => row % 2 == 0) }] };
        Assert.NotEqual(expected, First(trainingChanged));
    }

    [Fact]
    public void A_customer_without_texts_stands_at_the_mean()
    {
        var inner = new Seen();
        new WithReducedText(inner, components: 2).Fit(s_data, new(Seed: 1));
        var (texts, place) = (inner.Data[0].Current["texts"], inner.Data[0].Current["text_component_1"]);
        Assert.All(texts.Zip(place), row => Assert.Equal(row.First == 0, row.Second == 0));
        Assert.Equal(0, s_data.Cutoffs.SelectMany((_, c) => inner.Data[0].Cutoffs[c].Features["text_component_1"]).Average(), 1e-9);
    }

    [Fact]
    public void The_two_directions_that_texts_differ_in_come_first()
    {
        var inner = new Seen();
        new WithReducedText(inner, components: 4).Fit(s_data, new(Seed: 1));
        double Spread(int i) => inner.Data[0].Current[$"text_component_{i}"].Average(v => v * v);
        Assert.True(Spread(1) > Spread(2) && Spread(2) > 20 * Spread(3));
    }

    [Fact]
    public void A_table_without_vectors_is_passed_on()
    {
        var (inner, data) = (new Seen(), SampleCustomers.Training());
        new WithReducedText(inner).Fit(data, new(Seed: 1));
        Assert.Same(data, Assert.Single(inner.Data));
        CandidateContract.Holds(new WithReducedText(new RecencyRule()), data);
    }

    [Fact]
    public void Where_no_training_customer_wrote_nothing_is_added()
    {
        TrainingData silent = s_data with
        {
            Cutoffs = [.. s_data.Cutoffs.Select(c => c with { Features = SampleCustomers.Labelled(600, c.Features.Cutoff, new(5)).Features.With(SampleWriters.Features, [.. SampleWriters.Features.Select(_ => new double[600])]) })],
        };
        var inner = new Seen();
        var fitted = new WithReducedText(inner).Fit(silent, new(Seed: 1));
        Assert.DoesNotContain(inner.Data[0].Current.Features, f => f.Name.StartsWith("text_", StringComparison.Ordinal));
        Assert.DoesNotContain(fitted.Columns, c => c.StartsWith("text_", StringComparison.Ordinal));
        Assert.Equal(new RecencyRule().Fit(silent, new(Seed: 1)).Predict(silent.Current).Churn, fitted.Predict(silent.Current).Churn);
    }

    [Fact]
    public void Refuses_no_components() => Assert.Contains("components must lie between 1", Assert.Throws<ArgumentOutOfRangeException>(
        () => new WithReducedText(new RecencyRule(), components: 0)).Message, StringComparison.Ordinal);

    private static FeatureTable Scaled(FeatureTable table, Func<int, bool> rows) => new(table.Cutoff, table.CustomerIds, table.Features,
        [.. table.Features.Select(f => f.Set != TextSets.Vector ? table[f.Name] : [.. table[f.Name].Select((v, row) => rows(row) ? 5 * v + (v == 0 ? 0 : 1) : v)])]);

    private sealed class OnFirstComponent : ICandidate, IFittedCandidate
    {
        public string Name => "first";
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();
        public IReadOnlyList<string> Columns => ["text_component_1"];
        public IFittedCandidate Fit(TrainingData data, FitContext context) => this;
        public Scores Predict(FeatureTable customers) => new(Churn: [.. customers["text_component_1"].Select(LogisticCurve.Sigmoid)]);
    }

    private sealed class Seen : ICandidate
    {
        public List<TrainingData> Data { get; } = [];
        public string Name => "seen";
        public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            Data.Add(data);
            return new RecencyRule().Fit(data, context);
        }
    }
}
