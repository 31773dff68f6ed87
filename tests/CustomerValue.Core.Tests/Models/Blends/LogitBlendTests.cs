using CustomerValue.Models;
using CustomerValue.Models.Baselines;
using CustomerValue.Models.Blends;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Blends;

public class LogitBlendTests
{
    private static readonly FitContext s_context = new(Seed: 1);

    private static Fixed Always(string name, double churn) => new(name, table => new(Churn: [.. Enumerable.Repeat(churn, table.Rows)]));

    [Fact]
    public void Keeps_the_contract() => CandidateContract.Holds(new LogitBlend([new RecencyRule(), new MeanCustomer()], BlendWeights.FromBacktest, recalibrate: true));

    [Fact]
    public void Equal_weights_give_the_mean_logit()                     // logits of .5 and .9: 0 and ln 9; half of it is odds of 3
    {
        var data = SampleCustomers.Training();
        var churn = new LogitBlend([Always("half", 0.5), Always("most", 0.9)]).Fit(data, s_context).Predict(data.Current).Churn!;
        Assert.All(churn, p => Assert.Equal(0.75, p, 9));
    }

    [Fact]
    public void A_member_that_is_sure_does_not_decide_alone()
    {
        var data = SampleCustomers.Training();
        var churn = new LogitBlend([Always("sure", 1), Always("not", 0)]).Fit(data, s_context).Predict(data.Current).Churn!;
        Assert.All(churn, p => Assert.Equal(0.5, p, 6));
    }

    [Fact]
    public void Learned_weights_leave_out_a_member_that_is_wrong()
    {
        var data = SampleCustomers.Training();
        var wrong = new Fixed("wrong", table => new(Churn: [.. table["days_since_last_purchase"].Select(d => 1 / (1 + d))]));
        var fitted = Assert.IsType<FittedLogitBlend>(new LogitBlend([new RecencyRule(), wrong], BlendWeights.FromBacktest).Fit(data, s_context));
        Assert.Equal([1, 0], fitted.Weights);
    }

    [Fact]
    public void Recalibration_meets_the_churn_rate_of_the_last_cutoff()
    {
        var data = SampleCustomers.Training();
        var churn = new LogitBlend([Always("low", 0.02), Always("high", 0.03)], recalibrate: true).Fit(data, s_context).Predict(data.Current).Churn!;
        Assert.Equal(data.Cutoffs[^1].Labels.Churned.Count(c => c) / 600.0, churn[0], 3);
    }

    [Fact]
    public void A_member_of_two_blends_is_fitted_once_per_set_of_rows()
    {
        var data = SampleCustomers.Training();
        var member = Always("half", 0.5);
        ICandidate[] blends =
        [
            new LogitBlend([member, new MeanCustomer()], BlendWeights.FromBacktest, name: "one"),
            new LogitBlend([member, new RecencyRule()], BlendWeights.FromBacktest, name: "two"),
        ];
        foreach (var blend in blends) s_context.Fit(blend, data);
        Assert.Equal(5, member.FittedOn.Count);                          // all rows, and four groups of customers at the latest cutoff
        Assert.Equal(5, member.FittedOn.Distinct().Count());
    }

    [Fact]
    public void Weights_are_learned_without_later_labels_or_the_same_customers()
    {
        var data = SampleCustomers.Training(cutoffs: 3);
        var member = Always("half", 0.5);
        new LogitBlend([member, new MeanCustomer()], BlendWeights.FromBacktest).Fit(data, s_context);
        var earlier = member.FittedOn.Where(d => d != data).ToArray();
        var last = data.Cutoffs[^1].Features;
        Assert.All(earlier, seen =>
        {
            Assert.Equal(last.Cutoff, seen.Current.Cutoff);
            Assert.All(seen.Cutoffs, c => Assert.True(c.Features.Cutoff.AddDays(c.Labels.HorizonDays) <= last.Cutoff));
            // Every customer was asked about once: by the fit that hadn't seen it.
            var known = seen.Current.CustomerIds.ToHashSet();
            Assert.InRange(known.Count, 1, last.Rows - 1);
            Assert.All(seen.Cutoffs, c => Assert.True(c.Features.CustomerIds.All(known.Contains)));
        });
        Assert.Equal(last.Rows, earlier.Sum(seen => last.Rows - seen.Current.Rows));
    }

    [Fact]
    public void A_member_without_churn_is_named()
    {
        var data = SampleCustomers.Training();
        var error = Assert.Throws<InvalidOperationException>(() => new LogitBlend([new SpendSoFar(), new RecencyRule()]).Fit(data, s_context).Predict(data.Current));
        Assert.Contains("'spend-so-far' has no answer to churn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_member_is_no_blend() => Assert.Throws<ArgumentException>(() => new LogitBlend([new RecencyRule()]));

    [Fact]
    public void The_settings_hold_the_members_settings() =>
        Assert.Equal("days_since_last_purchase", new LogitBlend([new RecencyRule(), new MeanCustomer()]).Settings["recency.column"]);
}
