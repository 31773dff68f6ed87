using CustomerValue.Features;

namespace CustomerValue.Tests.Features;

public class FeatureTableTests
{
    [Fact]
    public void Columns_that_share_their_numbers_keep_their_names()
    {
        double[] same = [1, 2];
        var table = new FeatureTable(new(2020, 1, 1), ["a", "b"], [new("one", "", "", ""), new("other", "", "", "")], [same, same]);
        Assert.Equal(["other", "one"], table.Select(["other", "one"]).Features.Select(f => f.Name));
    }
}
