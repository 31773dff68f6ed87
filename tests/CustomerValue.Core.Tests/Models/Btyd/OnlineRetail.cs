using System.Globalization;
using System.IO.Compression;
using CustomerValue.Features;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Models.Btyd;

/// <summary>orii180: orders and cancellations of a gift retailer, read by plain loops as the measuring protocol says.</summary>
internal static class OnlineRetail
{
    private static readonly DateOnly s_overlap = new(2010, 12, 1);
    private static readonly Lazy<List<(string Customer, string Invoice, DateOnly Day, double Amount, bool Cancelled)>> s_invoices = new(Read);

    public const int HorizonDays = 180;

    public static int Orders => s_invoices.Value.Count(i => !i.Cancelled);

    /// <summary>Histories at a cutoff, days bought and net spend in the 180 days after it.</summary>
    public static (PurchaseHistories Histories, double[] Days, double[] NetSpend) At(DateOnly cutoff)
    {
        var end = cutoff.AddDays(HorizonDays);
        var (histories, days, spend) = PurchaseDays.Split(s_invoices.Value.Where(i => !i.Cancelled).Select(i => (i.Customer, i.Day, i.Amount)), cutoff, end);
        var returned = s_invoices.Value.Where(i => i.Cancelled && i.Day >= cutoff && i.Day < end).GroupBy(i => i.Customer).ToDictionary(c => c.Key, c => c.Sum(i => i.Amount));
        return (histories, days, [.. spend.Select((s, row) => Math.Max(0, s + returned.GetValueOrDefault(histories.CustomerIds[row])))]);
    }

    private static List<(string, string, DateOnly, double, bool)> Read()
    {
        var invoices = new Dictionary<string, (string Customer, string Invoice, DateOnly Day, double Amount, bool Cancelled)>();
        foreach (var (file, first) in new[] { ("online_retail_II_2009-2010.csv.gz", true), ("Online_Retail_2010-2011.csv.gz", false) })
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(RealData.Need($"online_retail_ii/{file}")), CompressionMode.Decompress));
            reader.ReadLine();
            while (reader.ReadLine() is { } line)
            {
                var f = Fields(line);
                var (invoice, code, customer) = (f[0], f[1], f[6]);
                var day = DateOnly.ParseExact(f[4].AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture);
                if (first && day >= s_overlap || customer.Length == 0 || invoice[0] == 'A' || code.Length < 5 || !code.Take(5).All(char.IsAsciiDigit)) continue;
                var amount = double.Parse(f[3], CultureInfo.InvariantCulture) * double.Parse(f[5], CultureInfo.InvariantCulture);
                customer = customer.Split('.')[0];
                invoices[invoice] = invoices.TryGetValue(invoice, out var seen) ? seen with { Amount = seen.Amount + amount } : (customer, invoice, day, amount, invoice[0] == 'C');
            }
        }
        return [.. invoices.Values];
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        for (var at = 0; at <= line.Length;)
        {
            var quoted = at < line.Length && line[at] == '"';
            var end = at;
            if (quoted) for (end = at + 1; line[end] != '"' || (end + 1 < line.Length && line[end + 1] == '"');) end += line[end] == '"' ? 2 : 1;
            var comma = line.IndexOf(',', end);
            if (comma < 0) comma = line.Length;
            fields.Add(quoted ? line[(at + 1)..end] : line[at..comma]);
            at = comma + 1;
        }
        return fields;
    }
}
