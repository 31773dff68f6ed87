using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>What customers wrote about products.</summary>
internal sealed class ReviewParser(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) : RecordParser<Review>(file, number, layout, pseudonyms)
{
    private const int At = 1, ProductId = 2, Stars = 3, Text = 4;
    private readonly TextCache _products = new();

    protected override bool TryParse(DelimitedReader row)
    {
        if (!TryCustomer(row, out var customer) || !TryTime(row, At, out var at)) return false;
        var stars = 0m;
        if (Has(Stars) && !Code(row, Stars).IsEmpty)
        {
            if (!TryNumber(row, Stars, 0, 5, out stars)) return false;
            if (stars < 0) return Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"stars is {stars}; expected 1 to 5, or nothing"));
        }
        return Add(new(customer, at, _products.Of(Code(row, ProductId)), (int)stars, Encoding.UTF8.GetString(Value(row, Text))), row.Line);
    }
}
