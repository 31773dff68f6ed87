using CustomerValue.Decisions;
using CustomerValue.Features;

namespace CustomerValue.Tests.Decisions;

public class SpendAtRiskTests
{
    private static readonly string[] s_ids = ["a", "b", "c", "d"];
    private static readonly double[] s_spent = [100, 300, 50, -20], s_churn = [0.9, 0.2, 1, 1];

    [Fact]
    public void Those_whose_leaving_costs_most_come_first()
    {
        var named = SpendAtRisk.Of(s_ids, s_spent, s_churn, [1, 2, 3, 4], 3);
        Assert.Equal([new("a", 100, 0.9, 1, 90), new("b", 300, 0.2, 2, 60), new("c", 50, 1, 3, 50)], named);
    }

    [Fact]
    public void Who_gave_back_more_than_they_bought_puts_nothing_at_risk() => Assert.Equal(0, SpendAtRisk.Of(s_ids, s_spent, s_churn, [1, 2, 3, 4], 4)[^1].AtRisk);

    [Fact]
    public void What_came_of_a_list_is_counted()
    {
        var named = SpendAtRisk.Of(s_ids, s_spent, s_churn, [1, 2, 3, 4], 2);
        var customers = new LabelledTable(new(new(2024, 7, 1), s_ids, [], []), new(180, [0, 9, 0, 0], [true, false, true, true], [0, 1, 0, 0]));
        var outcome = SpendAtRisk.Outcome(named, customers);
        Assert.Equal((2, 1, 0.75), (outcome.Named, outcome.Left, outcome.ChurnRate));
        Assert.Equal(1.1, outcome.Expected, 12);
    }

    [Fact]
    public void A_list_that_names_a_stranger_is_refused()
    {
        var customers = new LabelledTable(new(new(2024, 7, 1), ["a"], [], []), new(180, [0], [true], [0]));
        var error = Assert.Throws<KeyNotFoundException>(() => SpendAtRisk.Outcome([new("z", 1, 1, 1, 1)], customers));
        Assert.Contains("'z'", error.Message);
    }
}
