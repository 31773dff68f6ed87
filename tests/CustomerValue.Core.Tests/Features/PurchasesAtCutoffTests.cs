using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Features;

public sealed class PurchasesAtCutoffTests
{
    private static Purchase Line(string customer, string order, DateTime at, decimal price, bool isReturn = false, string currency = "GBP") =>
        new(customer, order, at, "p", "", "", isReturn ? -1 : 1, price, currency, isReturn);

    [Fact]
    public void Histories_of_Cdnow_are_those_of_the_paper()
    {
        var histories = Dataset.Named("cdnow", RealData.Need("cdnow")).Purchases(Pseudonyms.Published).HistoriesAt(new(1997, 10, 1));
        Assert.Equal(2357, histories.Count);
        Assert.Contains(Enumerable.Range(0, histories.Count), i =>
            histories.Frequency[i] == 2 && Math.Abs(histories.Recency[i] - 30.43) < 0.005 && Math.Abs(histories.Age[i] - 38.86) < 0.005);
    }

    [Fact]
    public void Orders_of_one_day_are_one_purchase_returns_are_none_and_the_cutoff_day_is_not_read()
    {
        var histories = new[]
        {
            Line("b", "1", new(2024, 1, 1, 9, 0, 0), 10), Line("b", "2", new(2024, 1, 1, 23, 0, 0), 5),
            Line("b", "3", new(2024, 1, 8), 7), Line("b", "4", new(2024, 1, 9), 7, isReturn: true), Line("b", "5", new(2024, 1, 15), 99),
            Line("a", "6", new(2024, 1, 14, 23, 59, 59), 1), Line("c", "7", new(2024, 1, 15), 1),
        }.HistoriesAt(new(2024, 1, 15));

        Assert.Equal(["a", "b"], histories.CustomerIds);
        Assert.Equal([0.0, 1.0], histories.Frequency);
        Assert.Equal([0.0, 1.0], histories.Recency);
        Assert.Equal([0.0, 13 / 7.0], histories.Age);
        Assert.Equal([1.0, 11.0], histories.MeanSpend);
        Assert.Equal([0.0, 7.0], histories.MeanRepeatSpend);
    }

    [Fact]
    public void Different_currencies_are_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new[]
        {
            Line("a", "1", new(2024, 1, 1), 10), Line("b", "2", new(2024, 1, 1), 10, currency: "CNY"),
        }.HistoriesAt(new(2024, 2, 1)));
        Assert.Contains("CNY, GBP", error.Message, StringComparison.Ordinal);
    }
}
