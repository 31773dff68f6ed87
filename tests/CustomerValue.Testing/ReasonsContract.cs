using CustomerValue.Features;
using CustomerValue.Models;
using Xunit;

namespace CustomerValue.Testing;

/// <summary>What reasons keep: with one constant for all customers they add up to the answer, on its scale.</summary>
public static class ReasonsContract
{
    /// <summary>Checks a fitted candidate on customers.</summary>
    /// <param name="fitted">Must give reasons.</param>
    /// <param name="customers">Whom to ask about.</param>
    /// <param name="answer">The answer explained.</param>
    /// <param name="offset">Added to spend before its logarithm, as the candidate's scale says.</param>
    public static void AddsUp(IFittedCandidate fitted, FeatureTable customers, Answer answer, double offset = 0)
    {
        var reasons = Assert.IsType<IHasReasons>(fitted, exactMatch: false).Reasons(customers, answer);
        var scores = fitted.Predict(customers);
        double[] scale = [.. answer == Answer.Churn ? scores.Churn!.Select(LogisticCurve.Logit) : scores.Spend!.Select(s => Math.Log(s + offset))];
        double[] left = [.. scale.Select((value, row) => value - reasons.Values.Sum(column => column[row]))];
        Assert.All(left, value => Assert.Equal(left[0], value, 1e-6));
        Assert.True(reasons.Values.Any(column => column.Distinct().Count() > 1));
        Assert.All(reasons.Columns, name => Assert.NotEmpty(name));
    }
}
