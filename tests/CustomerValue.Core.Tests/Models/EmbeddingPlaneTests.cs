using CustomerValue.Models;

namespace CustomerValue.Tests.Models;

public class EmbeddingPlaneTests
{
    [Fact]
    public void A_case_worked_by_hand()                                          // (1,2), (3,4), (5,0): mean (3,2), components (1,-1) and (1,1) over root 2, variances 4 and 4/3
    {
        var plane = EmbeddingPlane.Of([[1, 2], [3, 4], [5, 0]]);
        var root = Math.Sqrt(2);
        Assert.Equal([-2 / root, -2 / root, 4 / root], plane.Across.Select(x => x), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([-2 / root, 2 / root, 0], plane.Upwards.Select(x => x), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal((0.75, 0.25), (Math.Round(plane.ShareAcross, 9), Math.Round(plane.ShareUpwards, 9)));
    }

    [Fact]
    public void Vectors_that_are_all_alike_lie_in_one_place_and_none_lie_nowhere()
    {
        var plane = EmbeddingPlane.Of([[1, 2, 3], [1, 2, 3]]);
        Assert.Equal([0, 0], plane.Across);
        Assert.Equal((0, 0), (plane.ShareAcross, plane.ShareUpwards));
        Assert.Empty(EmbeddingPlane.Of([]).Across);
        Assert.Throws<ArgumentException>(() => EmbeddingPlane.Of([[1], [1, 2]]));
    }
}
