namespace CustomerValue.Ingestion;

/// <summary>What customers did on the site.</summary>
internal sealed class BrowsingParser(DataFile file, int number, TableLayout layout, Pseudonyms pseudonyms) : RecordParser<BrowsingEvent>(file, number, layout, pseudonyms)
{
    private const int SessionId = 1, At = 2, Kind = 3, ProductId = 4, Query = 5, DwellSeconds = 6;
    private const decimal LongestDwell = 7 * 24 * 3600;
    private readonly TextCache _sessions = new(), _products = new(), _queries = new(), _kinds = new(utf8 => System.Text.Encoding.UTF8.GetString(utf8).ToLowerInvariant());

    protected override bool TryParse(DelimitedReader row)
    {
        if (!TryCustomer(row, out var customer) || !TryCode(row, SessionId, _sessions, out var session) || !TryTime(row, At, out var at) || !TryCode(row, Kind, _kinds, out var kind)) return false;
        var dwell = 0m;
        if (Has(DwellSeconds) && !Code(row, DwellSeconds).IsEmpty)
        {
            if (!TryNumber(row, DwellSeconds, 28, LongestDwell, out dwell)) return false;
            if (dwell < 0) return Refuse(Reject.AbsurdNumber, FormattableString.Invariant($"dwell_seconds is {dwell}"));
        }
        return Add(new(customer, session, at, kind, _products.Of(Code(row, ProductId)), _queries.Of(Code(row, Query)), (double)dwell), row.Line);
    }
}
