using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;

namespace CustomerValue.Cli.Tests.Packaging;

public class PackageCodecsTests
{
    [Fact]
    public void Every_fitted_candidate_of_the_house_can_be_packaged()
    {
        var fitted = new[] { typeof(IFittedCandidate), typeof(FittedLightGbmChurn), typeof(FittedLogisticChurn) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.IsAssignableTo(typeof(IFittedCandidate)) && t is { IsInterface: false, IsAbstract: false, Namespace: not "CustomerValue.Packaging" });
        Assert.Empty(fitted.Except(PackageCodecs.All.All.Select(c => c.Model)));
    }

    [Fact]
    public void Kinds_are_kebab_case_and_stay_what_they_are() => Assert.Equal(
        ["bg-nbd", "btyd", "btyd-features", "gamma-gamma", "geometric-blend", "lightgbm-churn", "lightgbm-two-stage", "lightgbm-value", "logistic-churn", "logit-blend", "mbg-nbd", "mean",
         "pareto-nbd", "recency-rule", "spend-so-far", "with-features"], PackageCodecs.All.All.Select(c => c.Kind));
}
