using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class ContributionsTests
{
    [Fact]
    public void Columns_are_ordered_by_the_mean_size_of_what_they_do()
    {
        var reasons = new Contributions(["age", "orders", "noise"], [[1, -1], [-3, 0], [0, 0]]);
        Assert.Equal([("orders", 1.5), ("age", 1), ("noise", 0)], reasons.BySize());
        Assert.Empty(Contributions.None.BySize());
    }
}
