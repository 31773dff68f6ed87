namespace CustomerValue.Charts.Tests;

public class TicksTests
{
    [Theory]
    [InlineData(0, 1, nameof(FigureKind.Share), false, "0 %|20 %|40 %|60 %|80 %|100 %")]
    [InlineData(0, 0.037, nameof(FigureKind.Number), false, "0|0.01|0.02|0.03")]
    [InlineData(-0.011, 0.004, nameof(FigureKind.Number), true, "−0.010|−0.005|0")]
    [InlineData(-0.021, 0.021, nameof(FigureKind.Share), true, "−2 %|−1 %|0 %|+1 %|+2 %")]
    [InlineData(0, 5_200_000, nameof(FigureKind.Amount), false, "0|1,000,000|2,000,000|3,000,000|4,000,000|5,000,000")]
    [InlineData(0, 1e-12, nameof(FigureKind.Number), false, "0|0.0000000000002|0.0000000000004|0.0000000000006|0.0000000000008|0.0000000000010")]
    public void Even_axes_are_marked_at_round_numbers(double low, double high, string kind, bool signed, string labels) =>
        Assert.Equal(labels, string.Join('|', Ticks.Of(new Axis($"", low, high) { Kind = Enum.Parse<FigureKind>(kind), Signed = signed }, 500, 90).Select(t => t.Label)));

    [Theory]
    [InlineData(1_500, "0|20|50|100|200|500|1,000")]
    [InlineData(0.9, "0|0.005|0.02|0.05|0.1|0.2|0.5")]
    [InlineData(1, "0|0.005|0.02|0.05|0.1|0.2|0.5|1")]
    public void A_square_root_axis_is_marked_where_marks_lie_apart(double high, string labels)
    {
        var axis = new Axis($"", 0, high) { Scale = AxisScale.SquareRoot, Kind = FigureKind.Amount };
        var ticks = Ticks.Of(axis, 600, 40);
        Assert.Equal(labels, string.Join('|', ticks.Select(t => t.Label)));
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(600 * (axis.Place(pair.Second.Value) - axis.Place(pair.First.Value)) >= 40));
    }

    [Fact]
    public void The_place_on_a_square_root_axis_is_the_root_of_the_share()
    {
        var axis = new Axis($"", 0, 400) { Scale = AxisScale.SquareRoot };
        Assert.Equal([0, 0.25, 0.5, 1, 0], new[] { 0.0, 25, 100, 400, -3 }.Select(axis.Place));
    }
}
