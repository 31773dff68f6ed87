using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Simulation.Oracle;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

public sealed class TruthOfTests : IDisposable
{
    private static readonly DateOnly s_cutoff = new(2024, 7, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static FeatureTable Table(DateOnly cutoff, params string[] ids) => new(cutoff, ids, [new("frequency", "", "", "")], [new double[ids.Length]]);

    private static OracleAnswer Answer(string customer, int horizon, double buys) =>
        new(customer, s_cutoff, horizon, 1, 0, false, 0, new(buys, 10 * buys, .01, 1), new(buys / 2, 20 * buys, .02, 2), new(buys / 4, 30 * buys, .03, 3));

    private void Write(params OracleAnswer[] answers) => OracleFile.Write(_folder.Path, answers);

    [Fact]
    public void Answers_are_joined_by_customer_at_the_cutoff_and_horizon_asked()
    {
        Write(Answer("b", 90, .8), Answer("a", 90, .4), Answer("a", 30, .1), Answer("z", 90, .6));
        var best = TruthOf.Folder(_folder.Path, Pseudonyms.Published)(Table(s_cutoff, "a", "b", "c"), 90)!;
        Assert.Equal([.6, .2, double.NaN], best.History.Churn.Select(p => Math.Round(p, 12)));
        Assert.Equal([.8, .6, double.NaN], best.Read.Churn.Select(p => Math.Round(p, 12)));
        Assert.Equal([.9, .8, double.NaN], best.Everything.Churn.Select(p => Math.Round(p, 12)));
        Assert.Equal([8, 16, double.NaN], best.Read.Spend);
        Assert.Equal([.02, .02, double.NaN], best.Read.ChurnError!);
    }

    [Fact]
    public void Replaced_ids_are_joined_too()
    {
        var keyed = Pseudonyms.Keyed("a key of sixteen bytes"u8, "the test");
        Write(Answer("a", 90, .4));
        Assert.Equal(.6, TruthOf.Folder(_folder.Path, keyed)(Table(s_cutoff, keyed.Of("a")), 90)!.History.Churn[0], 12);
    }

    [Fact]
    public void A_truth_that_wasnt_asked_or_is_of_another_shop_is_refused()
    {
        Write(Answer("a", 90, .4), Answer("a", 30, .4));
        var truth = TruthOf.Folder(_folder.Path, Pseudonyms.Published);
        Assert.Contains("says nothing of 180 days from 2024-07-01 on. It was asked about: 30 days from 2024-07-01, 90 days from 2024-07-01. Ask it with: customervalue simulate",
            Assert.Throws<InvalidDataException>(() => truth(Table(s_cutoff, "a"), 180)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => truth(Table(new(2024, 1, 1), "a"), 90));
        Assert.Contains("knows none of the 2 customers at 2024-07-01, such as x; it knows 1, such as a", Assert.Throws<InvalidDataException>(() => truth(Table(s_cutoff, "x", "y"), 90)).Message, StringComparison.Ordinal);
        Assert.Contains("simulate --truth", Assert.Throws<FileNotFoundException>(() => TruthOf.Folder(_folder.In("nowhere"), Pseudonyms.Published)).Message, StringComparison.Ordinal);
    }
}
