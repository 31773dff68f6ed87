using CustomerValue.Features;
using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Testing;

namespace CustomerValue.Tests.LightGbm;

public class TreeShapTests
{
    private static readonly TrainingData s_data = SampleCustomers.Training();

    [Fact]
    public void Contributions_add_up_to_the_raw_score()
    {
        var boosters = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn(new() { Seeds = 2 }).Fit(s_data, new(Seed: 1))).Boosters;
        var shap = TreeShap.Explain(boosters, s_data.Current);
        var raw = boosters.PredictRaw(s_data.Current);
        for (var row = 0; row < raw.Length; row++) Assert.Equal(raw[row], shap.Base + shap.Contributions[row].Sum(), 9);
    }

    [Fact]
    public void What_drives_the_sample_customers_comes_first_and_what_never_varies_adds_nothing()
    {
        var boosters = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn().Fit(s_data, new(Seed: 1))).Boosters;
        var importance = TreeShap.Explain(boosters, s_data.Current).Importance();
        Assert.Contains(importance[0].Column, new[] { "days_since_last_purchase", "frequency" });
        Assert.Equal(0, importance.Single(x => x.Column == "constant").MeanSize);
    }

    [Fact]
    public void Values_are_Shapleys_by_definition()                                       // every subset of the columns, by hand
    {
        var options = new LightGbmOptions { LearningRate = 1, MinRowsInLeaf = 1, L2 = 0, FeatureFraction = 1, BaggingFraction = 1, Leaves = 4 };
        var rows = Enumerable.Range(0, 120).ToArray();
        double[] values = [.. rows.SelectMany(r => new double[] { r % 2, r / 2 % 2 })];
        float[] labels = [.. rows.Select(r => (float)(1 + r % 2 + 4 * (r / 2 % 2) + 8 * (r % 2) * (r / 2 % 2)))];
        using var data = BoostingDataset.Create(values, labels, ["x", "z"], options);
        using var growing = new BoosterTraining(data, BoostingObjective.Regression, options, seed: 1);
        growing.Grow();
        // f = 1 + x + 4 z + 8 x z over even groups; at x = z = 1: v() = 5.5, v(x) = 8, v(z) = 9.5, v(x,z) = 14.
        var shap = TreeShap.Explain(new([growing.Model()]), new FeatureTable(
            new(2021, 1, 1), ["a"], [new("x", "", "", ""), new("z", "", "", "")], [[1.0], [1.0]]));
        Assert.Equal(5.5, shap.Base, 5);
        Assert.Equal((8 - 5.5 + 14 - 9.5) / 2, shap.Contributions[0][0], 5);
        Assert.Equal((9.5 - 5.5 + 14 - 8) / 2, shap.Contributions[0][1], 5);
    }
}
