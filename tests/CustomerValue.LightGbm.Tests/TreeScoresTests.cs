using CustomerValue.Features;
using CustomerValue.LightGbm;
using CustomerValue.Models;
using CustomerValue.Testing;

namespace CustomerValue.Tests.LightGbm;

public class TreeScoresTests
{
    private static readonly TrainingData s_data = SampleCustomers.Training(customers: 1500);

    [Theory, InlineData(2), InlineData(7), InlineData(63), InlineData(200)]
    public void Managed_and_native_scores_are_the_same_bits(int leaves)
    {
        var fitted = Assert.IsType<FittedLightGbmValue>(new LightGbmValue(1.5, new() { Leaves = leaves, MinRowsInLeaf = 2, Seeds = 2 }).Fit(s_data, new(Seed: 1)));
        foreach (var booster in fitted.Boosters.Boosters)
        {
            var native = booster.PredictRawNatively(s_data.Current);
            Assert.Equal(native, booster.PredictRaw(s_data.Current));
            Assert.Equal(native, booster.PredictRaw(s_data.Current, threads: 2));
            Assert.Equal(native, Enumerable.Range(0, s_data.Current.Rows).Select(row => booster.PredictRaw(s_data.Current.At([row]))[0]));
        }
    }

    [Fact]
    public void What_is_no_number_goes_where_LightGBM_sends_it()
    {
        var booster = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn(new() { Seeds = 1 }).Fit(s_data, new(Seed: 1))).Boosters.Boosters[0];
        var strange = new FeatureTable(s_data.Current.Cutoff, s_data.Current.CustomerIds, s_data.Current.Features, [.. s_data.Current.Columns.Select((column, c) =>
            column.Select((value, row) => (row + c) % 5 == 0 ? double.NaN : (row + c) % 7 == 0 ? double.NegativeInfinity : value).ToArray())]);
        Assert.Equal(booster.PredictRawNatively(strange), booster.PredictRaw(strange));
    }

    [Fact]
    public void Columns_that_no_tree_asks_for_need_not_be_there()
    {
        var fitted = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn(new() { Seeds = 1 }).Fit(s_data, new(Seed: 1)));
        Assert.DoesNotContain("constant", fitted.Columns);
        Assert.Equal(fitted.Predict(s_data.Current).Churn, fitted.Predict(s_data.Current.Select(fitted.Columns)).Churn);
    }

    [Theory]
    [InlineData("split_feature=", "split_feature=99 ", "whole number from 0 to 6")]
    [InlineData("num_leaves=", "num_leaves=9", "are expected")]
    [InlineData("leaf_value=", "leaf_value=nan ", "no finite number")]
    [InlineData("left_child=", "left_child=0 ", "")]
    [InlineData("version=v4", "version=v3", "where v4 is expected")]
    [InlineData("tree_sizes=", "tree_sizes=1", "tree_sizes doesn't tell the size of tree 0")]
    [InlineData("feature_infos=", "feature_infos=[0:1] ", "feature_infos has 8 values, where 7 are expected")]
    [InlineData("internal_count=", "internal_count=-5 ", "whole number from 0")]
    [InlineData("objective=", "objektiv=", "isn't a field of LightGBM's")]
    [InlineData("objective=binary", "objective=binary;rm", "is none of LightGBM's")]
    [InlineData("end of trees", "", "")]
    public void A_damaged_text_is_refused_by_line(string where, string instead, string says)
    {
        var text = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn(new() { Seeds = 1 }).Fit(s_data, new(Seed: 1))).Boosters.Boosters[0].Text;
        var at = text.IndexOf(where, StringComparison.Ordinal);
        var error = Assert.Throws<LightGbmException>(() => Booster.Load(text[..at] + instead + text[(at + where.Length)..]));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_that_leads_back_is_refused()
    {
        var text = Assert.IsType<FittedLightGbmChurn>(new LightGbmChurn(new() { Seeds = 1 }).Fit(s_data, new(Seed: 1))).Boosters.Boosters[0].Text;
        var start = text.IndexOf("left_child=", StringComparison.Ordinal) + "left_child=".Length;
        var end = text.IndexOf('\n', start);
        var children = text[start..end].Split(' ');
        children[1] = "0";
        var error = Assert.Throws<LightGbmException>(() => Booster.Load(text[..start] + string.Join(' ', children) + text[end..]));
        Assert.Contains("comes before it or has another parent", error.Message, StringComparison.Ordinal);
    }
}
