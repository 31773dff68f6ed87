using CustomerValue.LightGbm;
using CustomerValue.MLNet;
using CustomerValue.Models;
using CustomerValue.Models.Text;

namespace CustomerValue.Cli.Tests.Packaging;

public class PackageCodecsTests
{
    [Fact]
    public void Every_fitted_candidate_of_the_house_can_be_packaged()
    {
        // Those of Torch aren't a codec's own models, but taken by one: what is learned in one engine is served by another.
        var tuned = typeof(CustomerValue.Torch.Customers.HistoryLanguageCandidate).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(IFittedCandidate)) && !t.IsInterface).ToList();
        Assert.Equal(2, tuned.Count);
        Assert.All(tuned, t => Assert.True(t.IsAssignableTo(typeof(ITunedHistoryReader)) || t.IsAssignableTo(typeof(ITunedTextReader)), t.FullName));
        var fitted = new[] { typeof(IFittedCandidate), typeof(FittedLightGbmChurn), typeof(FittedLogisticChurn), typeof(CustomerValue.Onnx.OnnxCodecs) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.IsAssignableTo(typeof(IFittedCandidate)) && t is { IsInterface: false, IsAbstract: false, Namespace: not "CustomerValue.Packaging" });
        Assert.Empty(fitted.Except(PackageCodecs.All.All.Select(c => c.Model)));
    }

    [Fact]
    public void Every_fitted_candidate_on_texts_can_be_packaged()
    {
        // Those that aren't a codec's own model are taken by one: what is tuned in one engine is served by another.
        var fitted = new[] { typeof(IFittedTextCandidate), typeof(CustomerValue.Onnx.OnnxCodecs), typeof(CustomerValue.Torch.Training.ImportedEncoderCandidate) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.IsAssignableTo(typeof(IFittedTextCandidate)) && t is { IsInterface: false, IsAbstract: false, Namespace: not "CustomerValue.Experiments" }).ToList();
        Assert.Equal(["Fitted", "FittedFinerLabels", "FittedLinearProbe", "FittedNGramClassifier", "FittedTextBlend", "OnnxLabeller"], fitted.Select(t => t.Name).Order(StringComparer.Ordinal));
        // A probe asks an encoder that is the caller's: it tells what could be read off it, and isn't made to leave the house.
        Assert.Equal(["Fitted", "FittedLinearProbe"], fitted.Except(PackageCodecs.All.All.Select(c => c.Model)).Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.True(fitted.Single(t => t.Name == "Fitted").IsAssignableTo(typeof(ITunedEncoder)));
    }

    [Fact]
    public void Kinds_are_kebab_case_and_stay_what_they_are() => Assert.Equal(
        ["bg-nbd", "btyd", "btyd-features", "by-history", "clause-encoder", "dense-layer", "event-language", "finer-labels", "folded-encoder", "gamma-gamma", "geometric-blend", "history-reader", "joint-calibration", "latent-words", "lightgbm-churn", "lightgbm-two-stage", "lightgbm-value", "logistic-churn", "logit-blend", "mbg-nbd", "mean",
         "n-grams", "onnx-encoder", "onnx-reader", "pareto-nbd", "pareto-nbd-covariates", "pareto-nbd-shifted", "recency-rule", "scaling", "spend-so-far", "text-attention", "text-blend", "text-components",
         "text-reader", "with-features"], PackageCodecs.All.All.Select(c => c.Kind));
}
