using CustomerValue.Features;
using CustomerValue.Models.Btyd;

namespace CustomerValue.Tests.Models.Btyd;

public class HistoryMatrixTests
{
    private static readonly BgNbdModel s_model = new(0.243, 4.414, 0.793, 2.426);

    [Fact]
    public void Each_cell_is_what_the_model_says_of_that_history()
    {
        var (alive, expected) = (HistoryMatrix.Alive(s_model, 39, 3, steps: 13), HistoryMatrix.Expected(s_model, 10, 39, 3, steps: 13));
        Assert.Equal([.. Enumerable.Range(0, 14).Select(step => 3.0 * step)], alive.Recency);
        Assert.Equal(1.0, alive.Values[0][0]!.Value, 1e-12);                     // BG/NBD calls who never came back alive
        var history = new PurchaseHistories(["x"], [2], [30], [39], [0], [0]);
        Assert.Equal(s_model.ProbabilityAlive(history)[0], alive.Values[2][10]);
        Assert.Equal(s_model.ExpectedPurchases(history, 10)[0], expected.Values[2][10]);
    }

    [Fact]
    public void Histories_that_cannot_be_have_no_answer()
    {
        var alive = HistoryMatrix.Alive(s_model, 39, 3, steps: 13);
        Assert.All(Enumerable.Range(1, 13), column => Assert.Null(alive.Values[0][column]));
        Assert.All(Enumerable.Range(1, 3), x => Assert.Null(alive.Values[x][0]));
        Assert.Equal(1 + 3 * 13, alive.Values.Sum(row => row.Count(v => v is not null)));
    }
}
