using CustomerValue.Evaluation;
using CustomerValue.Features;

namespace CustomerValue.Tests.Evaluation;

public class OrderSlicesTests
{
    private static FeatureTable Table(string name, params double[] values) =>
        new(new(2024, 7, 1), [.. values.Select((_, row) => $"c{row}")], [new(name, "purchases", "Repeat purchases.", "purchase_history")], [values]);

    [Fact]
    public void Customers_are_told_apart_by_their_orders_before_the_cutoff()
    {
        var slices = OrderSlices.Of(Table("frequency", 0, -1, 1, 3, 4, 70, 0)).ToDictionary(s => s.Key, s => s.Rows);
        Assert.Equal(["all", "no_order", "first_order", "orders_2_4", "orders_5_plus"], slices.Keys);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], slices["all"]);
        Assert.Equal([1], slices["no_order"]);
        Assert.Equal([0, 6], slices["first_order"]);
        Assert.Equal([2, 3], slices["orders_2_4"]);
        Assert.Equal([4, 5], slices["orders_5_plus"]);
    }

    [Fact]
    public void Empty_slices_are_left_out_and_without_the_column_there_is_only_the_whole()
    {
        Assert.Equal(["all", "first_order"], OrderSlices.Of(Table("frequency", 0, 0)).Select(s => s.Key));
        Assert.Equal(["all"], OrderSlices.Of(Table("age_weeks", 0, 9)).Select(s => s.Key));
        Assert.Empty(OrderSlices.Of(Table("age_weeks")));
    }

    [Fact]
    public void Every_slice_has_words() => Assert.Equal(
        ["all customers", "no order yet", "after the first order", "2 to 4 orders", "5 or more orders"],
        ((string[])[OrderSlices.All, OrderSlices.NoOrder, OrderSlices.FirstOrder, OrderSlices.Few, OrderSlices.Many]).Select(OrderSlices.Title));
}
