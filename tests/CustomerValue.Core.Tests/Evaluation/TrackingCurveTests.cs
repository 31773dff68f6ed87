using CustomerValue.Evaluation;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models.Btyd;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Evaluation;

public class TrackingCurveTests
{
    private static readonly BgNbdModel s_model = new(0.243, 4.414, 0.793, 2.426);

    // From Monday the 1st: Ann on the 1st, 3rd (twice), 12th and 20th; Ben on the 9th and the 14th; Cat on the 15th, which is the cutoff, and the 16th.
    private static readonly Purchase[] s_purchases = [Line("ann", 1), Line("ann", 3), Line("ann", 3), Line("ann", 12), Line("ann", 20), Line("ben", 9), Line("ben", 14), Line("cat", 15), Line("cat", 16)];

    [Fact]
    public void Repeat_orders_are_counted_by_week_and_customers_who_came_later_are_not()            // worked by hand
    {
        var curve = TrackingCurve.Of(s_purchases, s_model, new(new(2024, 1, 15), 1));
        Assert.Equal((new DateOnly(2024, 1, 1), 2.0), (curve.Start, curve.CutoffWeek));
        Assert.Equal([(1, 1), (2, 3), (3, 4)], curve.Weeks.Select(w => (w.Week, w.Actual)));
    }

    [Fact]
    public void Expected_is_what_the_paper_says_of_customers_as_they_come()                          // Fader, Hardie and Lee (2005), equation 9
    {
        var curve = TrackingCurve.Of(s_purchases, s_model, new(new(2024, 1, 15), 1));
        Assert.Equal(Paper(6 / 7.0), curve.Weeks[0].Expected, 1e-9);
        Assert.Equal(Paper(13 / 7.0) + Paper(5 / 7.0), curve.Weeks[1].Expected, 1e-9);
        Assert.Equal(Paper(20 / 7.0) + Paper(12 / 7.0), curve.Weeks[2].Expected, 1e-9);
    }

    [Fact]
    public void Nobody_makes_no_curve() => Assert.Empty(TrackingCurve.Of([], s_model, new(new(2024, 1, 15), 1)).Weeks);

    [Fact]
    public void It_tracks_CDNOW_as_closely_as_published()                                            // the paper's figure 2: within a few per cent at week 78
    {
        var purchases = Dataset.Named("cdnow", RealData.Need("cdnow")).Purchases(Pseudonyms.Published).ToList();
        var split = new CalibrationSplit(new(1997, 10, 1), 39);
        var curve = TrackingCurve.Of(purchases, new BgNbd().Fit(purchases.HistoriesAt(split.Cutoff)), split);
        Assert.Equal(78, curve.Weeks.Count);
        Assert.Equal(1, curve.Weeks[^1].Expected / curve.Weeks[^1].Actual, 0.1);
    }

    // E[X(t)] = (a + b - 1) / (a - 1) (1 - (α / (α + t))^r 2F1(r, b; a + b - 1; t / (α + t))), the series summed term by term.
    private static double Paper(double t)
    {
        var (r, alpha, a, b) = (0.243, 4.414, 0.793, 2.426);
        var (z, term, sum) = (t / (alpha + t), 1.0, 1.0);
        for (var k = 0; k < 500; k++) sum += term *= (r + k) * (b + k) / ((a + b - 1 + k) * (k + 1)) * z;
        return (a + b - 1) / (a - 1) * (1 - Math.Pow(alpha / (alpha + t), r) * sum);
    }

    private static Purchase Line(string customer, int day) => new(customer, $"{customer}-{day}", new(2024, 1, day), "p", "", "", 1, 1, "EUR", false);
}
