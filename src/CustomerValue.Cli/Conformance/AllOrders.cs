using CustomerValue.Ingestion;

namespace CustomerValue.Cli.Conformance;

/// <summary>Online Retail II as its data sheet counts it: every order of a known customer, whatever its lines are for; cancellations left out.</summary>
internal sealed class AllOrders
{
    // The names of the columns differ between the two files.
    private const string Mapping = """
        currency: GBP
        purchases:
          files: {0}
          order_time: first_line
          returns:
            order_prefix: C
            negative_quantity: false
          columns: {{at: InvoiceDate, product_id: StockCode, description: Description, quantity: Quantity, {1}}}
        """;

    private static readonly (string Files, string Columns)[] s_files =
    [
        ("online_retail_II_2009-2010.csv*", "order_id: Invoice, unit_price: Price, customer_id: Customer ID"),
        ("Online_Retail_2010-2011.csv*", "order_id: InvoiceNo, unit_price: UnitPrice, customer_id: CustomerID"),
    ];

    private readonly Dictionary<string, (string Customer, decimal Amount)>[] _orders;
    private readonly Dictionary<string, (string Customer, decimal Amount)> _all;

    private AllOrders(Dictionary<string, (string Customer, decimal Amount)>[] orders)
    {
        _orders = orders;
        _all = new(orders[1], StringComparer.Ordinal);
        foreach (var (id, order) in orders[0]) _all.TryAdd(id, order);      // the overlap holds the same orders twice
    }

    /// <summary>Reads both files.</summary>
    public static AllOrders Read(string folder)
    {
        var mapping = Path.GetTempFileName();
        try
        {
            return new([.. s_files.Select(file =>
            {
                File.WriteAllText(mapping, string.Format(System.Globalization.CultureInfo.InvariantCulture, Mapping, file.Files, file.Columns));
                var orders = new Dictionary<string, (string Customer, decimal Amount)>(StringComparer.Ordinal);
                foreach (var line in Dataset.Open(folder, mapping).Purchases(Pseudonyms.Published).Where(p => !p.IsReturn))
                    orders[line.OrderId] = orders.TryGetValue(line.OrderId, out var order) ? order with { Amount = order.Amount + line.Amount.Amount } : (line.CustomerId, line.Amount.Amount);
                return orders;
            })]);
        }
        finally
        {
            File.Delete(mapping);
        }
    }

    /// <summary>Orders of one file, or of both without their overlap.</summary>
    public int Orders(int? file = null) => Of(file).Count;

    /// <summary>Customers of one file, or of both.</summary>
    public int Customers(int? file = null) => Of(file).Values.Select(o => o.Customer).Distinct().Count();

    public double Pounds => (double)_all.Values.Sum(o => o.Amount);

    /// <summary>Share of customers with more than one order.</summary>
    public double BoughtAgain => _all.Values.GroupBy(o => o.Customer).Average(c => c.Count() > 1 ? 1.0 : 0);

    private Dictionary<string, (string Customer, decimal Amount)> Of(int? file) => file is { } number ? _orders[number] : _all;
}
