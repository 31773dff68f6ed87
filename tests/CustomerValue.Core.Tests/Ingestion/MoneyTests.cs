using CustomerValue.Ingestion;

namespace CustomerValue.Tests.Ingestion;

public class MoneyTests
{
    [Fact]
    public void Amounts_of_one_currency_add_exactly() =>
        Assert.Equal(new Money(0.3m, "GBP"), new Money(0.1m, "GBP") + new Money(0.2m, "GBP"));

    [Fact]
    public void Different_currencies_are_never_added()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Money(1, "GBP") + new Money(1, "CNY"));
        Assert.Contains("1 CNY can't be added to an amount in GBP", error.Message, StringComparison.Ordinal);
    }
}
