using CustomerValue.Features;
using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models;

public class ByHistoryTests
{
    // A customer of the sample whose frequency is 0 stands for one without an order.
    private const string Column = "frequency";
    private static readonly TrainingData s_data = SampleCustomers.Training();

    [Fact]
    public void Keeps_the_contract()
    {
        CandidateContract.Holds(new ByHistory(new RecencyRule(), new MeanCustomer(), column: Column), s_data);
        CandidateContract.Holds(new ByHistory(new SpendLastWindow(90), new MeanCustomer(), column: Column), s_data);
    }

    [Fact]
    public void Each_kind_is_learned_from_its_own_rows_and_answered_by_its_own_candidate()
    {
        var (bought, unknown) = (new Seen(new RecencyRule()), new Seen(new MeanCustomer()));
        var fitted = new ByHistory(bought, unknown, column: Column).Fit(s_data, new(Seed: 1));
        var (with, without) = (Assert.Single(bought.Data), Assert.Single(unknown.Data));
        Assert.All(with.Cutoffs.Select(c => c.Features).Append(with.Current), table => Assert.DoesNotContain(0.0, table[Column]));
        Assert.All(without.Cutoffs.Select(c => c.Features).Append(without.Current), table => Assert.All(table[Column], v => Assert.Equal(0, v)));
        Assert.Equal(s_data.Rows, with.Rows + without.Rows);
        Assert.InRange(without.Rows, 20, 300);

        var churn = fitted.Predict(s_data.Current).Churn!;
        var (own, mean) = (new RecencyRule().Fit(with, new(1)).Predict(s_data.Current).Churn!, new MeanCustomer().Fit(without, new(1)).Predict(s_data.Current).Churn!);
        for (var row = 0; row < churn.Length; row++) Assert.Equal(s_data.Current[Column][row] > 0 ? own[row] : mean[row], churn[row]);
    }

    [Fact]
    public void A_history_model_answers_those_with_a_history_and_never_meets_the_others()
    {
        var (orders, x, recency, age, spend) = (new double[400], new double[400], new double[400], new double[400], new double[400]);
        var drawn = SimulatedCustomers.From(new ParetoNbdModel(0.9, 8, 0.7, 14), new GammaGammaModel(6.25, 3.74, 15.44), new() { Customers = 400, Seed = 3 });
        string[] ids = [.. drawn.Histories.CustomerIds];
        for (var row = 0; row < 400; row++)
        {
            // Every fourth has only looked around: what others call a history is a sentinel that no purchase model takes.
            (orders[row], x[row], recency[row], age[row], spend[row]) = row % 4 == 0 ? (0, -1, 0, 0, 0)
                : (drawn.Histories.Frequency[row] + 1, drawn.Histories.Frequency[row], drawn.Histories.Recency[row], drawn.Histories.Age[row], drawn.Histories.MeanSpend[row]);
        }
        FeatureInfo[] features = [.. new[] { "orders", "frequency", "recency_weeks", "age_weeks", "mean_repeat_spend", "mean_spend" }.Select(n => new FeatureInfo(n, "", "", "purchase_history"))];
        var table = new FeatureTable(new(2020, 1, 1), ids, features, [orders, x, recency, age, [.. spend], spend]);
        var labels = new Labels(273, [.. drawn.Spend], [.. drawn.Purchases.Select(n => n == 0)], [.. drawn.Purchases.Select(n => (int)n)]);
        var data = new TrainingData([new(table, labels)], new(new(2020, 10, 1), ids, features, table.Columns), 273);
        var history = new BtydLifetimeValue(new MbgNbd(), new GammaGamma(includeFirst: true));
        Assert.Throws<InvalidDataException>(() => history.Fit(data, new(1)));

        var router = new ByHistory(history, new MeanCustomer());
        CandidateContract.Holds(router, data);
        var scores = router.Fit(data, new(1)).Predict(data.Current);
        var mean = Enumerable.Range(0, 400).Where(row => row % 4 == 0).Average(row => labels.Churned[row] ? 1.0 : 0);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(mean, scores.Churn![4 * i], 1e-12));
        Assert.NotNull(scores.Spend);
        Assert.NotNull(scores.Purchases);
    }

    [Fact]
    public void A_question_that_only_one_of_them_answers_is_left_open()
    {
        var scores = new ByHistory(new RecencyRule(), new MeanCustomer(), column: Column).Fit(s_data, new(1)).Predict(s_data.Current);
        Assert.True(scores.Spend is null && scores.Purchases is null && scores.Churn is not null);
        Assert.Contains("one answers value and the other churn", Assert.Throws<InvalidOperationException>(
            () => new ByHistory(new RecencyRule(), new SpendLastWindow(90), column: Column).Fit(s_data, new(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_nobody_was_of_is_refused_by_name()
    {
        var none = new TrainingData([.. s_data.Cutoffs.Select(Ordered)], s_data.Current.At(FittedByHistory.Rows(s_data.Current, Column, true)), s_data.HorizonDays);
        var unknown = new Seen(new MeanCustomer());
        var fitted = new ByHistory(new RecencyRule(), unknown, column: Column).Fit(none, new(1));
        Assert.Empty(unknown.Data);
        Assert.Equal(none.Current.Rows, fitted.Predict(none.Current).Churn!.Length);
        CandidateContract.Holds(new ByHistory(new RecencyRule(), new MeanCustomer(), column: Column), none);
        var error = Assert.Throws<InvalidDataException>(() => fitted.Predict(s_data.Current));
        Assert.Contains("have no order (column 'frequency')", error.Message, StringComparison.Ordinal);

        static LabelledTable Ordered(LabelledTable table) => table.At(FittedByHistory.Rows(table.Features, Column, true));
    }

    [Fact]
    public void Settings_tell_both() =>
        Assert.Equal("days_since_last_purchase", new ByHistory(new RecencyRule(), new MeanCustomer()).Settings["bought.column"]);

    private sealed class Seen(ICandidate inner) : ICandidate
    {
        public List<TrainingData> Data { get; } = [];
        public string Name => inner.Name;
        public IReadOnlyDictionary<string, string> Settings => inner.Settings;

        public IFittedCandidate Fit(TrainingData data, FitContext context)
        {
            Data.Add(data);
            return inner.Fit(data, context);
        }
    }
}
