using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.DuckDb;

/// <summary>Rows of the warehouse's tables as records; columns come in the order of <see cref="WarehouseTable.ColumnNames"/>.</summary>
internal static class WarehouseRow
{
    // A unit price may be a line's total divided: the exact amount, divided again, gives it back.
    public static Purchase Purchase(DuckDBDataReader r)
    {
        var (quantity, price, amount) = (r.GetDecimal(6), r.GetDecimal(7), r.GetDecimal(8));
        return new(r.GetString(0), r.GetString(1), r.GetDateTime(2), r.GetString(3), r.GetString(4), r.GetString(5),
            quantity, decimal.Round(quantity * price, 4) == amount || quantity == 0 ? price : amount / quantity, r.GetString(9), r.GetBoolean(10));
    }

    public static BrowsingEvent Event(DuckDBDataReader r) => new(r.GetString(0), r.GetString(1), r.GetDateTime(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetDouble(6));

    public static Review Review(DuckDBDataReader r) => new(r.GetString(0), r.GetDateTime(1), r.GetString(2), r.GetFieldValue<sbyte>(3), r.GetString(4));

    public static DialogueTurn Turn(DuckDBDataReader r) => new(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetDateTime(3), r.GetString(4), r.GetString(5));

    public static CampaignContact Contact(DuckDBDataReader r) =>
        new(r.GetString(0), r.GetString(1), r.GetDateTime(2), r.GetString(3), r.GetString(4), new(r.GetDecimal(5), r.GetString(6)), r.IsDBNull(7) ? null : r.GetDateTime(7));
}
