using System.Globalization;

namespace CustomerValue.Ingestion;

/// <summary>Order lines, refunds and cancellations.</summary>
internal sealed class PurchaseParser(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) : RecordParser<Purchase>(file, number, layout, pseudonyms)
{
    internal const int OrderId = 1, At = 2, ProductId = 3, Description = 4, Category = 5, Quantity = 6, UnitPrice = 7, Amount = 8, Currency = 9, IsReturn = 10;

    private const decimal LargestAmount = 99_999_999_999_999m;          // DECIMAL(18, 4)
    private readonly TextCache _orders = new(), _products = new(), _descriptions = new(), _categories = new(), _currencies = new();
    private readonly Dictionary<ulong, DateTime> _firstLines = [];      // order's hash to the time of its first line
    private readonly Dictionary<ulong, int> _lines = [];                // hash of customer and time to the lines met so far

    protected override bool TryParse(DelimitedReader row)
    {
        if (!TryCustomer(row, out var customer)) return false;
        var order = "";
        if (Mapping.Orders == OrderNaming.Column && !TryCode(row, OrderId, _orders, out order)) return false;
        if (!TryTime(row, At, out var at) || !TryAmount(row, out var quantity, out var price)) return false;
        if (!TryCurrency(row, Currency, _currencies, out var currency)) return false;
        if (Mapping.Orders == OrderNaming.PerLine) order = Numbered(customer, at);
        if (!TrySign(row, order, ref quantity, ref price, out var isReturn)) return false;
        if (Math.Abs(quantity * price) > LargestAmount)
            return Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"{quantity} x {price} is more than the {LargestAmount} that an amount can be"));
        if (Mapping.OrderTimeOfFirstLine && !_firstLines.TryAdd(StableHash.Of(order), at)) at = _firstLines[StableHash.Of(order)];
        return Add(new(customer, order, at, _products.Of(Code(row, ProductId)), _descriptions.Of(Code(row, Description)), _categories.Of(Code(row, Category)),
            quantity, price, currency, isReturn), row.Line);
    }

    /// <summary>An order id for a line without one: customer, time, and the line's number among those of this customer and time. It doesn't depend on the file or on
    /// other customers, so that overlapping files give the same order the same id.</summary>
    private string Numbered(string customer, DateTime at)
    {
        var key = new StableHash();
        key.Add(customer);
        key.Add(at.Ticks);
        _lines[key.Value] = _lines.TryGetValue(key.Value, out var met) ? ++met : met = 1;
        return string.Create(CultureInfo.InvariantCulture, $"{customer}-{at:yyyyMMddHHmmss}-{met}");
    }

    /// <summary>Quantity and unit price; where the file has the line's total, the price is its share, kept to 28 digits so that the total comes back exactly.</summary>
    private bool TryAmount(DelimitedReader row, out decimal quantity, out decimal price)
    {
        price = 0;
        if (!TryNumber(row, Quantity, 3, Mapping.LargestQuantity, out quantity)) return false;
        if (quantity == 0) return Refuse(Reject.AbsurdNumber, "quantity is 0");
        if (!Has(Amount) || Has(UnitPrice) && Code(row, Amount).IsEmpty) return TryNumber(row, UnitPrice, 4, Mapping.LargestPrice, out price);
        if (!TryNumber(row, Amount, 4, LargestAmount, out var amount)) return false;
        price = amount / quantity;
        return Math.Abs(price) <= Mapping.LargestPrice
            || Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"{amount} for {quantity} is more than {Mapping.LargestPrice} a piece"));
    }

    /// <summary>Tells returns from orders and gives returns a negative quantity, whatever sign the shop writes.</summary>
    private bool TrySign(DelimitedReader row, string order, ref decimal quantity, ref decimal price, out bool isReturn)
    {
        var negative = quantity < 0 != price < 0 && price != 0 || quantity < 0 && price == 0;
        isReturn = Mapping.Returns.NegativeQuantity && negative
            || Mapping.Returns.OrderPrefix.Length > 0 && order.StartsWith(Mapping.Returns.OrderPrefix, StringComparison.Ordinal);
        if (Has(IsReturn) && Code(row, IsReturn) is { IsEmpty: false } flag)
        {
            if (Flag(flag) is not { } said) return Refuse(Reject.UnknownValue, $"is_return is '{Shown(flag)}'; expected true or false (or 1/0, yes/no, y/n; translate others under values)");
            isReturn = said;
        }
        if (isReturn) (quantity, price) = (-Math.Abs(quantity), Math.Abs(price));
        else if (quantity < 0 || price < 0)
            return Refuse(Reject.NegativeLine, FormattableString.Invariant($"quantity {quantity}, price {price} (key returns of the mapping says what a return is)"));
        return true;
    }

    private static bool? Flag(ReadOnlySpan<byte> value) => System.Text.Encoding.UTF8.GetString(value).ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "y" or "t" => true,
        "false" or "0" or "no" or "n" or "f" => false,
        _ => null,
    };
}
