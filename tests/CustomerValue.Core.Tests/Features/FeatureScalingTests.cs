using CustomerValue.Features;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Features;

public class FeatureScalingTests
{
    [Fact]
    public void Scaled_columns_have_mean_zero_and_spread_one()
    {
        var table = SampleCustomers.Training().Current;
        foreach (var column in new FeatureScaling(tail: 0).Fit([table]).Transform(table).Where(c => c.Any(v => v != 0)))
        {
            Assert.Equal(0, column.Average(), 9);
            Assert.Equal(1, Math.Sqrt(column.Average(v => v * v)), 9);
        }
    }

    [Fact]
    public void A_heavy_tail_is_taken_by_its_logarithm_and_an_even_column_is_not()
    {
        var scaling = new FeatureScaling().Fit([SampleCustomers.Training().Current]);
        Assert.True(scaling.Columns.Single(c => c.Name == "net_spend").Log);
        Assert.False(scaling.Columns.Single(c => c.Name == "noise").Log);
    }

    [Fact]
    public void Beyond_the_cap_nothing_changes()
    {
        var column = new FeatureScaling(["net_spend"]).Fit([SampleCustomers.Training().Current]).Columns[0];
        Assert.Equal(column.At(column.High), column.At(1e12));
        Assert.Equal(column.At(column.Low), column.At(-1e12));
    }

    [Fact]
    public void A_column_that_never_varied_says_nothing_later_either()
    {
        var column = new FeatureScaling(["constant"]).Fit([SampleCustomers.Training().Current]).Columns[0];
        Assert.Equal(0, column.At(5));
    }

    [Fact]
    public void Rows_of_all_tables_count()
    {
        FeatureTable One(double value) => new(new(2020, 1, 1), ["a"], [new("x", "", "", "")], [[value]]);
        Assert.Equal(new ScaledColumn("x", 1, 3, Log: false, 2, 1), new FeatureScaling(tail: 0).Fit([One(1), One(3)]).Columns[0]);
    }

    [Fact]
    public void Refuses_no_rows() => Assert.Throws<ArgumentException>(() => new FeatureScaling().Fit([]));
}
