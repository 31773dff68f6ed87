using CustomerValue.Models.Text;

namespace CustomerValue.Tests.Models.Text;

public class LinearLearnerTests
{
    // Two texts, one column: 1 in the second class, -1 in the first.
    private static readonly SparseRows s_pair = new(1, [0, 1, 2], [0, 0], [1, -1]);

    private static List<LinearModel> Path(ILinearLearner learner, SparseRows x, int[] labels, int classes, double[] costs, int threads = 1) =>
        [.. learner.Path(x, labels, classes, costs, new(Seed: 1, threads), CancellationToken.None)];

    [Fact]
    public void Logistic_regression_stands_where_its_gradient_is_0()
    {
        // w^2 / 2 + 2 C log(1 + exp(-w)) is least where w = 2 C / (1 + exp(w)).
        foreach (var (model, cost) in Path(new LogisticRegression(1e-6), s_pair, [1, 0], 2, [0.5, 1, 8]).Zip([0.5, 1.0, 8.0]))
        {
            var w = model.Weights[0];
            Assert.Equal(2 * cost / (1 + Math.Exp(w)), w, 0.01);
            Assert.Equal(0, model.Bias[0], 0.01);
        }
    }

    [Fact]
    public void The_support_vector_machine_stands_where_its_gradient_is_0()
    {
        // w^2 / 2 + 2 C (1 - w)^2 is least at w = 4 C / (1 + 4 C); by symmetry the bias is 0.
        foreach (var (model, cost) in Path(new LinearSvm(), s_pair, [1, 0], 2, [0.25, 1, 4]).Zip([0.25, 1.0, 4.0]))
            Assert.Equal(4 * cost / (1 + 4 * cost), model.Weights[0], 0.05);
    }

    [Fact]
    public void Without_anything_to_go_by_classes_are_as_likely_as_they_are_frequent()
    {
        var blank = new SparseRows(2, new int[7], [], []);
        var softmax = Path(new LogisticRegression(1e-6), blank, [0, 1, 1, 2, 2, 2], 3, [1])[0];
        Assert.Equal([1 / 6.0, 2 / 6.0, 3 / 6.0], ScoreScale.Logits.Probabilities(softmax.Scores(blank), 3)[0], (a, b) => Math.Abs(a - b) < 0.005);
        var sigmoid = Path(new LogisticRegression(1e-6), blank, [0, 1, 1, 1, 1, 1], 2, [1])[0];
        Assert.Equal(5 / 6.0, ScoreScale.Logits.Probabilities(sigmoid.Scores(blank), 2)[0][1], 0.005);
    }

    [Fact]
    public void Log_count_ratios_compare_shares_with_one_added()
    {
        // Columns hold 1 and 2 in texts of the class, 3 and 0 in others: p = (2, 3) of 5, q = (4, 1) of 5.
        var x = new SparseRows(2, [0, 2, 3], [0, 1, 0], [1, 2, 3]);
        Assert.Equal([Math.Log(2.0 / 4), Math.Log(3.0 / 1)], LinearSvm.LogCountRatios(x, [true, false]), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_machine_on_log_count_ratios_is_one_on_the_columns_times_their_ratios()
    {
        var x = new SparseRows(2, [0, 2, 3, 5, 6], [0, 1, 0, 0, 1, 1], [0.5f, 1, 1, 0.25f, 0.5f, 1]);
        int[] labels = [1, 1, 0, 0];
        var ratios = LinearSvm.LogCountRatios(x, [true, true, false, false]);
        var scaled = x with { Values = [.. x.Values.Select((v, i) => (float)(v * ratios[x.At[i]]))] };
        var (own, plain) = (Path(new LinearSvm(naiveBayes: true), x, labels, 2, [1])[0], Path(new LinearSvm(), scaled, labels, 2, [1])[0]);
        Assert.Equal(plain.Scores(scaled), own.Scores(x), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory, InlineData("logistic"), InlineData("svm"), InlineData("nb-svm")]
    public void Classes_are_told_apart_and_threads_change_nothing(string kind)
    {
        ILinearLearner learner = kind switch { "logistic" => new LogisticRegression(), "svm" => new LinearSvm(), _ => new LinearSvm(naiveBayes: true) };
        var (x, labels) = Three();
        var one = Path(learner, x, labels, 3, [1, 10]);
        var four = Path(learner, x, labels, 3, [1, 10], threads: 4);
        for (var i = 0; i < one.Count; i++) Assert.Equal(one[i].Weights, four[i].Weights);
        var (_, wrong) = ClassLoss.Of(ScoreScale.Fit(one[1].Scores(x), labels, 3).Probabilities(one[1].Scores(x), 3), labels);
        Assert.InRange(wrong, 0, 0.02);

        // Column c speaks for class c; two more columns for none.
        static (SparseRows, int[]) Three()
        {
            var random = new SplitMix64(3);
            var (starts, at, values, labels) = (new List<int> { 0 }, new List<int>(), new List<float>(), new List<int>());
            for (var row = 0; row < 1500; row++)
            {
                labels.Add(row % 3);
                at.AddRange([row % 3, 3 + random.Below(2)]);
                values.AddRange([0.8f, (float)random.Unit()]);
                starts.Add(at.Count);
            }
            return (new(5, [.. starts], [.. at], [.. values]), [.. labels]);
        }
    }

    [Fact]
    public void The_scale_undoes_a_factor_on_all_scores()
    {
        double[] scores = [2, 0, 1, 0, 3, 0, 1, 0, 2, 2, 1, 0];
        int[] labels = [0, 1, 2, 1];
        var slope = ScoreScale.Fit(scores, labels, 3).Slope;
        Assert.Equal(10 * slope, ScoreScale.Fit([.. scores.Select(s => s / 10)], labels, 3).Slope, 0.01 * slope);
    }
}

public class LbfgsTests
{
    [Fact]
    public void Finds_the_bottom_of_a_long_narrow_valley()
    {
        // sum c_i (x_i - i)^2 / 2 with c from 1 to 10,000.
        var (at, steps, converged) = Lbfgs.Minimise((x, gradient) =>
        {
            var value = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                var c = Math.Pow(10, 4.0 * i / (x.Length - 1));
                gradient[i] = c * (x[i] - i);
                value += c * (x[i] - i) * (x[i] - i) / 2;
            }
            return value;
        }, new double[20], 1e-9, 1000, CancellationToken.None);
        Assert.True(converged, $"not there after {steps} steps");
        Assert.All(at.Select((x, i) => x - i), miss => Assert.InRange(miss, -1e-3, 1e-3));
    }

    [Fact]
    public void Says_when_it_ran_out_of_steps()
    {
        var (_, steps, converged) = Lbfgs.Minimise((x, gradient) => { gradient[0] = Math.Exp(x[0]) - 2; return Math.Exp(x[0]) - 2 * x[0]; }, [30], 1e-12, 3, CancellationToken.None);
        Assert.Equal((3, false), (steps, converged));
    }
}
