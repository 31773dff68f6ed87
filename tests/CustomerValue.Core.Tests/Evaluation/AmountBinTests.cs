using CustomerValue.Evaluation;

namespace CustomerValue.Tests.Evaluation;

public class AmountBinTests
{
    [Fact]
    public void A_case_worked_by_hand() =>                                       // up to 90 in three bins: edges 90 times 0, 1/9, 4/9 and 1; an edge belongs to the bin below it
        Assert.Equal([new(0, 0, 2), new(0, 10, 2), new(10, 40, 1), new(40, 90, 2)], AmountBin.Of([0, 90, 10, 0, 0.5, 11, 41], 3));

    [Fact]
    public void Everybody_stands_in_one_bin()
    {
        double[] amounts = [.. Enumerable.Range(0, 500).Select(i => i * 53 % 211 * 1.7)];
        var bins = AmountBin.Of(amounts, 17);
        Assert.Equal(500, bins.Sum(b => b.Customers));
        Assert.All(bins.Skip(1), b => Assert.Equal(amounts.Count(a => a > b.Low && a <= b.High), b.Customers));
    }

    [Fact]
    public void Where_nobody_has_anything_there_is_one_bin() => Assert.Equal([new AmountBin(0, 0, 3)], AmountBin.Of([0, 0, 0]));
}
