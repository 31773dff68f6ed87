using CustomerValue.Simulation;
using CustomerValue.Simulation.Behaviour;
using CustomerValue.Simulation.Oracle;

namespace CustomerValue.Tests.Simulation.Oracle;

public class ShopOracleTests
{
    private static readonly DateOnly s_cutoff = new(2024, 3, 1);
    private static readonly Lazy<IReadOnlyList<OracleAnswer>> s_answers = new(() =>
        new ShopOracle(new() { Customers = 1_000, Seed = 4 }, new() { Cutoffs = [s_cutoff], HorizonDays = [30, 90], Particles = 200 }).Customers(Environment.ProcessorCount));

    public static TheoryData<string, int> Knowing => new() { { "history", 30 }, { "history", 90 }, { "read", 30 }, { "read", 90 }, { "everything", 30 }, { "everything", 90 } };

    [Theory, MemberData(nameof(Knowing))]
    public void What_is_expected_is_what_happens_in_the_long_run(string known, int days)
    {
        var rows = s_answers.Value.Where(a => a.HorizonDays == days).Select(a => (Expected: Known(a, known), a.Bought, a.Spent)).OrderBy(r => r.Expected.Buys).ToArray();
        foreach (var group in rows.Chunk((rows.Length + 2) / 3))
        {
            var spread = Math.Sqrt(group.Sum(r => r.Expected.Buys * (1 - r.Expected.Buys))) / group.Length;
            Assert.Equal(group.Average(r => r.Expected.Buys), group.Average(r => r.Bought ? 1.0 : 0), 3 * spread + 0.02);
        }
        var error = Math.Sqrt(rows.Sum(r => (r.Spent - r.Expected.Spend) * (r.Spent - r.Expected.Spend))) / rows.Length;
        Assert.Equal(rows.Average(r => r.Expected.Spend), rows.Average(r => r.Spent), 3 * error);
    }

    [Fact]
    public void Those_who_have_not_ordered_are_foreseen_as_well()
    {
        // A shop in which everybody joins without an order.
        var shop = new ShopOptions { Customers = 1_000, Seed = 6, Process = new() { ColdShare = 1, VisitorShare = 0.3 } };
        var answers = new ShopOracle(shop, new() { Cutoffs = [s_cutoff], HorizonDays = [90], Particles = 200 }).Customers(Environment.ProcessorCount);
        var waiting = answers.Where(a => a.Orders == 0).ToArray();
        Assert.InRange(waiting.Length, 250, 550);
        Assert.Contains(waiting, a => a.Texts > 0);
        foreach (var known in new[] { "history", "read", "everything" })
            foreach (var rows in new[] { waiting, [.. waiting.Where(a => a.Texts > 0)], [.. answers.Where(a => a.Orders > 0)] })
            {
                var expected = rows.Select(a => Known(a, known)).ToArray();
                var spread = Math.Sqrt(expected.Sum(e => e.Buys * (1 - e.Buys))) / rows.Length;
                Assert.Equal(expected.Average(e => e.Buys), rows.Average(a => a.Bought ? 1.0 : 0), 3 * spread + 0.01);
                var error = Math.Sqrt(rows.Zip(expected).Sum(r => (r.First.Spent - r.Second.Spend) * (r.First.Spent - r.Second.Spend))) / rows.Length;
                Assert.Equal(expected.Average(e => e.Spend), rows.Average(a => a.Spent), 3 * error);
            }
        var figures = OracleFigures.Of(answers).Single(f => f.Slice == "no order");
        Assert.Equal(waiting.Length, figures.Customers);
        Assert.InRange(figures.History.Auc, 0.7, 0.98);
        Assert.True(figures.Read.LogLoss < figures.History.LogLoss + 0.003 && figures.Everything.LogLoss < figures.Read.LogLoss - 0.05);
    }

    [Fact]
    public void Slices_part_the_customers_by_their_orders_so_far()
    {
        var figures = OracleFigures.Of(s_answers.Value).Where(f => f.HorizonDays == 90).ToDictionary(f => f.Slice, f => f.Customers);
        Assert.Equal(["all", "no order", "first order", "2-4", "5+"], figures.Keys);
        Assert.Equal(figures["all"], figures["first order"] + figures["2-4"] + figures["5+"]);
        Assert.Equal(s_answers.Value.Count(a => a.HorizonDays == 90), figures["all"] + figures["no order"]);
        Assert.Equal(s_answers.Value.Count(a => a.HorizonDays == 90 && a.Orders is >= 2 and <= 4), figures["2-4"]);
    }

    [Fact]
    public void The_more_is_known_the_better_it_is_foreseen()
    {
        foreach (var figures in OracleFigures.Of(s_answers.Value).Where(f => f.Slice == OracleFigures.Everybody))
        {
            Assert.InRange(figures.History.Auc, 0.7, 0.93);
            Assert.True(figures.Everything.Auc > figures.Read.Auc + 0.05 && figures.Everything.LogLoss < figures.Read.LogLoss - 0.1);
            Assert.True(figures.Everything.Gini > figures.Read.Gini);
            Assert.InRange(figures.Read.LogLoss, 0, figures.History.LogLoss + 0.005);
        }
    }

    [Fact]
    public void Texts_tell_more_the_more_feelings_matter_and_nothing_where_they_do_not()
    {
        // Mean gain in log loss of reading, by how much feelings move what customers do, with its standard error; and how far apart the two are, in errors.
        (double Gain, double Error, double Apart) Gain(double weight)
        {
            var shop = new ShopOptions { Customers = 400, Seed = 4, Process = new() { FeelingWeight = weight } };
            var answers = new ShopOracle(shop, new() { Cutoffs = [s_cutoff], Particles = 400 }).Customers(Environment.ProcessorCount);
            double Loss(OracleAnswer a, Expectation e) => -Math.Log(Math.Clamp(a.Bought ? e.Buys : 1 - e.Buys, 0.005, 1));
            var gains = answers.Select(a => Loss(a, a.History) - Loss(a, a.Read)).ToArray();
            double Square(Func<OracleAnswer, double> of) => answers.Average(a => of(a) * of(a));
            return (gains.Average(), Math.Sqrt(gains.Average(g => g * g) / gains.Length),
                Math.Sqrt(Square(a => a.History.Buys - a.Read.Buys) / (Square(a => a.History.BuysError) + Square(a => a.Read.BuysError))));
        }
        var (none, much) = (Gain(0), Gain(3));
        Assert.InRange(none.Gain, -3 * none.Error, 3 * none.Error);
        Assert.InRange(none.Apart, 0, 1.3);
        Assert.True(much.Apart > 2, $"{much.Apart} errors apart");
        Assert.True(much.Gain > 2 * much.Error && much.Gain > 0.02, $"{much.Gain} +- {much.Error}");
    }

    [Fact]
    public void The_error_is_what_another_draw_differs_by()
    {
        // The same customers, with four times as many particles.
        var more = new ShopOracle(new() { Customers = 60, Seed = 4 }, new() { Cutoffs = [s_cutoff], HorizonDays = [90], Particles = 800 }).Customers(Environment.ProcessorCount);
        var few = s_answers.Value.Where(a => a.HorizonDays == 90).Take(more.Count).ToArray();
        Assert.Equal(more.Select(a => a.CustomerId), few.Select(a => a.CustomerId));
        foreach (var known in new[] { "history", "read", "everything" })
        {
            var differs = Math.Sqrt(more.Zip(few).Average(p => Math.Pow(Known(p.First, known).Buys - Known(p.Second, known).Buys, 2)));
            var told = Math.Sqrt(more.Zip(few).Average(p => Math.Pow(Known(p.First, known).BuysError, 2) + Math.Pow(Known(p.Second, known).BuysError, 2)));
            Assert.InRange(differs, 0, 2.5 * told);
        }
    }

    [Fact]
    public void The_same_on_any_number_of_threads_and_whoever_else_is_asked()
    {
        ShopOracle Oracle(int customers) => new(new() { Customers = customers, Seed = 4 }, new() { Cutoffs = [s_cutoff], Particles = 100 });
        var alone = Oracle(12).Customers(threads: 1);
        Assert.Contains(alone, a => a.Orders > 0);
        Assert.Equal(alone, Oracle(12).Customers(threads: 3));
        Assert.Equal(alone, Oracle(30).Customers(threads: 2).Where(a => string.CompareOrdinal(a.CustomerId, "C00012") <= 0));
    }

    [Fact]
    public void Nothing_after_the_cutoff_is_used()
    {
        var (shop, cutoff, from) = (new Shop(new() { Customers = 150, Seed = 4 }), 400, new DateTime(2024, 2, 5));
        for (var number = 1; number <= 150; number++)
        {
            var (customer, _) = CustomerLife.Run(shop, number, cutoff);
            var past = customer with
            {
                Purchases = [.. customer.Purchases.Where(p => p.At < from)], Browsing = [.. customer.Browsing.Where(b => b.At < from)],
                Contacts = [.. customer.Contacts.Where(c => c.At < from).Select(c => c with { RespondedAt = c.RespondedAt < from ? c.RespondedAt : null })],
                Truth = customer.Truth with { Texts = [.. customer.Truth.Texts.Where(t => t.At < from)], MoodAtEnd = 0, LoyaltyAtEnd = 0, DroppedOut = null },
            };
            var (whole, cut) = (new ObservedLife(customer, shop, cutoff), new ObservedLife(past, shop, cutoff));
            Assert.Equal(whole.Orders, cut.Orders);
            Assert.Equal(whole.Visits, cut.Visits);
            Assert.Equal(whole.Contacts, cut.Contacts);
            Assert.Equal(whole.Texts, cut.Texts);
            Assert.Equal((whole.IsSeen, whole.IsCold, whole.Start), (cut.IsSeen, cut.IsCold, cut.Start));
            Assert.All(whole.Orders, o => Assert.InRange(o.Day, 0, cutoff - 1));
        }
    }

    [Theory, InlineData("2022-12-31"), InlineData("2023-01-01"), InlineData("2024-12-01")]
    public void A_cutoff_must_leave_a_past_and_a_future(string cutoff) => Assert.Contains("don't lie within the shop's period",
        Assert.Throws<ArgumentException>(() => new ShopOracle(new(), new() { Cutoffs = [DateOnly.Parse(cutoff, System.Globalization.CultureInfo.InvariantCulture)] })).Message);

    [Fact]
    public void There_is_no_customer_beyond_the_last() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShopOracle(new() { Customers = 10 }, new() { Cutoffs = [s_cutoff] }).Customer(11));

    private static Expectation Known(OracleAnswer answer, string known) => known switch { "history" => answer.History, "read" => answer.Read, _ => answer.Everything };
}
