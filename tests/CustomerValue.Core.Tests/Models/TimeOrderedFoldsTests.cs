using CustomerValue.Models;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models;

public class TimeOrderedFoldsTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void No_customer_stands_on_both_sides(int cutoffs)
    {
        foreach (var fold in TimeOrderedFolds.Split(SampleCustomers.Training(cutoffs: cutoffs).Cutoffs, 4))
        {
            var learned = fold.Train.SelectMany(t => t.Features.CustomerIds).ToHashSet();
            Assert.NotEmpty(learned);
            Assert.DoesNotContain(fold.Validate.Features.CustomerIds, learned.Contains);
        }
    }

    [Theory, InlineData(2), InlineData(3)]
    public void What_is_checked_comes_after_all_that_was_learned_from(int cutoffs)
    {
        var data = SampleCustomers.Training(cutoffs: cutoffs);
        foreach (var fold in TimeOrderedFolds.Split(data.Cutoffs, 4))
        {
            Assert.Equal(data.Cutoffs[^1].Features.Cutoff, fold.Validate.Features.Cutoff);
            Assert.Equal(cutoffs - 1, fold.Train.Count);
            Assert.All(fold.Train, t => Assert.True(t.Features.Cutoff < fold.Validate.Features.Cutoff));
        }
    }

    [Fact]
    public void Each_customer_at_the_last_cutoff_is_checked_once()
    {
        var data = SampleCustomers.Training();
        var asked = TimeOrderedFolds.Split(data.Cutoffs, 5).SelectMany(f => f.Validate.Features.CustomerIds).Order(StringComparer.Ordinal);
        Assert.Equal(data.Cutoffs[^1].Features.CustomerIds, asked);
    }

    [Fact]
    public void With_one_cutoff_only_the_customers_are_split()
    {
        var data = SampleCustomers.Training(cutoffs: 1);
        var fold = TimeOrderedFolds.Split(data.Cutoffs, 3)[0];
        Assert.Equal(600, fold.Train.Single().Features.Rows + fold.Validate.Features.Rows);
    }

    [Fact]
    public void Groups_are_even()
    {
        var sizes = Enumerable.Range(0, 10_000).GroupBy(n => TimeOrderedFolds.Group($"customer-{n}", 4)).Select(g => g.Count());
        Assert.All(sizes, size => Assert.InRange(size, 2300, 2700));
    }

    [Fact]
    public void Refuses_to_split_nothing() => Assert.Contains(
        "at least one cutoff", Assert.Throws<ArgumentException>(() => TimeOrderedFolds.Split([], 4)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_cutoffs_out_of_order() => Assert.Contains(
        "cutoffs must ascend",
        Assert.Throws<ArgumentException>(() => TimeOrderedFolds.Split([.. SampleCustomers.Training().Cutoffs.Reverse()], 4)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_handful_of_customers() => Assert.Contains(
        "more customers", Assert.Throws<ArgumentException>(() => TimeOrderedFolds.Split(SampleCustomers.Training(customers: 1).Cutoffs, 4)).Message, StringComparison.Ordinal);
}
