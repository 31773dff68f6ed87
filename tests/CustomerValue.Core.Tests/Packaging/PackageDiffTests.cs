using CustomerValue.Models.Baselines;
using CustomerValue.Packaging;

namespace CustomerValue.Tests.Packaging;

public class PackageDiffTests
{
    [Fact]
    public void Another_model_shows_in_settings_figures_columns_and_scores()
    {
        var rate = new SpendLastWindow(90).Fit(SamplePackage.Data, new(7));
        var other = new PackageBuilder(ModelCodecs.Core).Build(SamplePackage.Input with
        {
            Value = new("last", new Dictionary<string, string> { ["days"] = "90" }, ModelCodecs.Core.Write(rate), rate.Predict(SamplePackage.Test.Features).Spend!, new Dictionary<string, double>()),
            Origin = SamplePackage.Input.Origin with { Commit = "another" },
        });
        var diff = PackageDiff.Of(SamplePackage.Package, other);
        Assert.False(diff.SameScores);
        Assert.Contains(new Difference("commit", "abc", "another"), diff.Origin);
        Assert.Contains(new Difference("value.days", null, "90"), diff.Settings);
        Assert.Equal(["age_weeks", "net_spend"], diff.ColumnsDropped);
        Assert.Contains(diff.Metrics, m => m.Metric == "gini");
        Assert.True(diff.Value!.Differing > 0);
        Assert.Equal(0, diff.Churn!.Differing);
        Assert.Contains(diff.Files, f => f.Path == "model/value/model.json");
    }
}
