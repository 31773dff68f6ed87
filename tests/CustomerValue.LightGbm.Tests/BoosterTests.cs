using CustomerValue.Features;
using CustomerValue.LightGbm;
using CustomerValue.LightGbm.Native;
using CustomerValue.Testing;

namespace CustomerValue.Tests.LightGbm;

public class BoosterTests
{
    // Big steps and tiny leaves: trees that can learn a handful of rows exactly.
    private static readonly LightGbmOptions s_exact = new()
    {
        LearningRate = 1, MinRowsInLeaf = 1, L2 = 0, FeatureFraction = 1, BaggingFraction = 1, Leaves = 4,
    };

    private static readonly string[] s_names = ["x", "z"];

    // Four groups of 30 rows; the label depends on both columns.
    private static (double[] Values, float[] Labels) Groups()
    {
        var rows = Enumerable.Range(0, 120).ToArray();
        return ([.. rows.SelectMany(r => new double[] { r % 2, r / 2 % 2 })], [.. rows.Select(r => 1f + r % 2 + 10 * (r / 2 % 2))]);
    }

    private static Booster Learn(BoostingObjective objective, LightGbmOptions options, int rounds, double[] values, float[] labels, int seed = 1, int threads = 1)
    {
        using var rows = BoostingDataset.Create(values, labels, s_names, options, threads);
        using var growing = new BoosterTraining(rows, objective, options, seed, threads);
        for (var round = 0; round < rounds && growing.Grow(); round++) { }
        return growing.Model();
    }

    [Fact]
    public void One_full_step_of_squared_error_gives_the_group_means()
    {
        var (values, labels) = Groups();
        var booster = Learn(BoostingObjective.Regression, s_exact, 1, values, labels);
        Assert.Equal([1.0, 2, 11, 12], booster.Predict([0, 0, 1, 0, 0, 1, 1, 1]).Select(y => Math.Round(y, 5)));
    }

    [Fact]
    public void Binary_answers_are_the_groups_shares()
    {
        double[] values = [.. Enumerable.Range(0, 200).SelectMany(r => new double[] { r % 2, 0 })];
        float[] labels = [.. Enumerable.Range(0, 200).Select(r => r % 2 == 0 ? (r % 20 == 0 ? 1f : 0) : (r % 4 == 1 ? 1f : 0))];   // shares .1 and .5
        var answers = Learn(BoostingObjective.Binary, s_exact, 30, values, labels).Predict([0, 0, 1, 0]);
        Assert.Equal(0.1, answers[0], 3);
        Assert.Equal(0.5, answers[1], 3);
    }

    [Theory, InlineData(1.1), InlineData(1.5), InlineData(1.9)]
    public void Tweedie_answers_are_the_groups_means(double power)
    {
        double[] values = [.. Enumerable.Range(0, 200).SelectMany(r => new double[] { r % 2, 0 })];
        float[] labels = [.. Enumerable.Range(0, 200).Select(r => r % 2 == 0 ? (r % 20 == 0 ? 50f : 0) : (r % 4 == 1 ? 40f : 20))];  // means 5 and 30
        var answers = Learn(BoostingObjective.Tweedie(power), s_exact, 100, values, labels).Predict([0, 0, 1, 0]);
        Assert.Equal(5, answers[0], 0.01);
        Assert.Equal(30, answers[1], 0.01);
    }

    [Fact]
    public void Gamma_answers_are_means_and_quantiles_are_quantiles()
    {
        double[] values = [.. Enumerable.Range(0, 200).SelectMany(r => new double[] { 0, 0 })];
        float[] labels = [.. Enumerable.Range(0, 200).Select(r => r + 1f)];
        values[1] = 1;                                                                        // one row apart: a column that never varies is dropped
        Assert.Equal(100.5, Learn(BoostingObjective.Gamma, s_exact with { MinRowsInLeaf = 50 }, 50, values, labels).Predict([0, 0])[0], 0.6);
        Assert.Equal(180, Learn(BoostingObjective.Quantile(0.9), s_exact with { MinRowsInLeaf = 50 }, 50, values, labels).Predict([0, 0])[0], 2.0);
    }

    [Fact]
    public void A_gradient_of_ones_own_learns_as_the_built_in_one()
    {
        var (values, labels) = Groups();
        var custom = BoostingObjective.Custom((predicted, actual, gradient, hessian) =>
        {
            for (var row = 0; row < actual.Length; row++) (gradient[row], hessian[row]) = ((float)(predicted[row] - actual[row]), 1);
        });
        Assert.Equal([1.0, 12], Learn(custom, s_exact, 1, values, labels).Predict([0, 0, 1, 1]).Select(y => Math.Round(y, 5)));
    }

    [Fact]
    public void Floats_and_column_by_column_give_the_same_trees()
    {
        var (values, labels) = Groups();
        float[] floats = [.. values.Select(v => (float)v)];
        double[] byColumn = [.. values.Where((_, i) => i % 2 == 0), .. values.Where((_, i) => i % 2 == 1)];
        using var rows = BoostingDataset.Create(values, labels, s_names, s_exact);
        using var single = BoostingDataset.Create(floats, labels, s_names, s_exact);
        using var turned = BoostingDataset.Create(byColumn, labels, s_names, s_exact, columnMajor: true);
        string[] texts = [.. new[] { rows, single, turned }.Select(data =>
        {
            using var growing = new BoosterTraining(data, BoostingObjective.Regression, s_exact, seed: 1);
            growing.Grow();
            return growing.Model().Text;
        })];
        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(texts[0], texts[2]);
    }

    [Theory, InlineData(1), InlineData(2)]
    public void The_same_rows_and_seed_give_the_same_bytes(int threads)
    {
        var options = new LightGbmOptions { MinRowsInLeaf = 5 };
        var table = SampleCustomers.Labelled(2000, new(2020, 1, 1), new Random(5));
        var (values, labels) = Stacked(table);
        string Text(int seed) => Learn(BoostingObjective.Binary, options, 20, values, labels, seed, threads).Text;
        Assert.Equal(Text(3), Text(3));
        Assert.NotEqual(Text(3), Text(4));
    }

    [Fact]
    public void A_saved_booster_answers_as_before()
    {
        var (values, labels) = Groups();
        var booster = Learn(BoostingObjective.Tweedie(), new() { MinRowsInLeaf = 3 }, 25, values, labels);
        var loaded = Booster.Load(booster.Text);
        Assert.Equal(booster.Predict(values), loaded.Predict(values));
        Assert.Equal(booster.Text, loaded.Text);
        Assert.Equal(s_names, loaded.Columns);
        Assert.Equal(25, loaded.Rounds);
    }

    [Fact]
    public void A_table_is_read_by_column_name_and_in_blocks()
    {
        var (values, labels) = Groups();
        var booster = Learn(BoostingObjective.Regression, s_exact, 1, values, labels);
        var rows = Enumerable.Range(0, 10_000).ToArray();
        var table = new FeatureTable(new(2021, 1, 1), [.. rows.Select(r => $"{r:D5}")],
            [new("other", "", "", ""), new("z", "", "", ""), new("x", "", "", "")],
            [[.. rows.Select(r => 9.0)], [.. rows.Select(r => r / 2 % 2 + 0.0)], [.. rows.Select(r => r % 2 + 0.0)]]);
        Assert.Equal(rows.Select(r => 1.0 + r % 2 + 10 * (r / 2 % 2)), booster.Predict(table, threads: 2).Select(y => Math.Round(y, 5)));
    }

    [Fact]
    public void The_column_that_matters_has_the_gain()
    {
        var (values, labels) = Groups();
        var booster = Learn(BoostingObjective.Regression, s_exact, 1, values, labels);
        Assert.True(booster.Gain()[1] > 10 * booster.Gain()[0]);
        Assert.All(booster.Splits(), splits => Assert.True(splits > 0));
    }

    [Fact]
    public void Validation_answers_follow_the_trees_as_they_grow()
    {
        var (values, labels) = Groups();
        using var rows = BoostingDataset.Create(values, labels, s_names, s_exact);
        using var check = BoostingDataset.Create([1.0, 1], [0f], s_names, s_exact, reference: rows);
        using var growing = new BoosterTraining(rows, BoostingObjective.Regression, s_exact with { LearningRate = 0.5 }, seed: 1, validation: check);
        var answers = new double[1];
        var errors = Enumerable.Range(0, 5).Select(_ => { growing.Grow(); growing.Validate(answers); return Math.Abs(answers[0] - 12); }).ToArray();
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.Equal(answers[0], growing.Model().Predict([1, 1])[0], 9);
        Assert.NotEqual(answers[0], growing.Model(rounds: 2).Predict([1, 1])[0], 3);
    }

    [Fact]
    public void LightGBMs_own_words_come_through()
    {
        var (values, _) = Groups();
        var error = Assert.Throws<LightGbmException>(() => Learn(BoostingObjective.Tweedie(), s_exact, 1, values, [.. Enumerable.Repeat(-7f, 120)]));
        Assert.Contains("LightGBM refused (LGBM_BoosterCreate)", error.Message, StringComparison.Ordinal);
        Assert.Contains("label", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Text_that_is_no_model_is_refused() =>
        Assert.Contains("begins with 'hello world'", Assert.Throws<LightGbmException>(() => Booster.Load("hello world")).Message, StringComparison.Ordinal);

    [Fact]
    public void Rows_that_do_not_fit_their_labels_are_refused()
    {
        Assert.Contains("ask for 4 values, and there are 3",
            Assert.Throws<ArgumentException>(() => BoostingDataset.Create([1.0, 2, 3], [1f, 2], s_names, s_exact)).Message, StringComparison.Ordinal);
        Assert.Contains("row 1 is NaN",
            Assert.Throws<ArgumentException>(() => BoostingDataset.Create([1.0, 2, 3, 4], [1f, float.NaN], s_names, s_exact)).Message, StringComparison.Ordinal);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => BoostingDataset.Create(new double[0], [], s_names, s_exact)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_OpenMP_says_what_to_install() => Assert.Contains(
        "apt-get install libgomp1", LightGbmApi.NotLoaded(new DllNotFoundException("x"), openMpIsMissing: true).Message, StringComparison.Ordinal);

    private static (double[] Values, float[] Labels) Stacked(LabelledTable table)
    {
        var rows = BoostingRows.Stack([table], ["days_since_last_purchase", "frequency"], (labels, row) => labels.Churned[row] ? 1 : 0);
        return (rows.Values, [.. rows.Labels.Select(y => (float)y)]);
    }
}
