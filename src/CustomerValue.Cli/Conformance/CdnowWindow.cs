using System.Globalization;
using System.IO.Compression;
using CustomerValue.Features;

namespace CustomerValue.Cli.Conformance;

/// <summary>cdnow39: histories at 1997-10-01, and the 39 weeks after it, one element a customer in order of the id in the sample.</summary>
/// <param name="Histories">What was bought by the cutoff; purchases of one day are one.</param>
/// <param name="SpendSoFar">[rows]: spend before the cutoff, in dollars.</param>
/// <param name="Days">[rows]: days with a purchase in the window.</param>
/// <param name="Spend">[rows]: spend in the window, in dollars.</param>
internal sealed record CdnowWindow(PurchaseHistories Histories, double[] SpendSoFar, double[] Days, double[] Spend)
{
    public const double HorizonWeeks = 39;
    private static readonly DateOnly s_cutoff = new(1997, 10, 1), s_end = new(1998, 7, 1);

    /// <summary>Reads the file as its authors distribute it: id, id in the sample, date, CDs, dollars, parted by spaces.</summary>
    public static CdnowWindow Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var days = new SortedDictionary<int, SortedDictionary<DateOnly, double>>();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0) continue;
            var customer = int.Parse(fields[1], CultureInfo.InvariantCulture);
            var day = DateOnly.ParseExact(fields[2], "yyyyMMdd", CultureInfo.InvariantCulture);
            if (!days.TryGetValue(customer, out var own)) days[customer] = own = [];
            own[day] = own.GetValueOrDefault(day) + double.Parse(fields[4], CultureInfo.InvariantCulture);
        }

        List<double> x = [], recency = [], age = [], repeatSpend = [], meanSpend = [], soFar = [], bought = [], spend = [];
        foreach (var own in days.Values)
        {
            var (before, after) = (own.Where(d => d.Key < s_cutoff).ToList(), own.Where(d => d.Key >= s_cutoff && d.Key < s_end).ToList());
            x.Add(before.Count - 1);
            recency.Add((before[^1].Key.DayNumber - before[0].Key.DayNumber) / 7.0);
            age.Add((s_cutoff.DayNumber - 1 - before[0].Key.DayNumber) / 7.0);
            repeatSpend.Add(before.Count > 1 ? before.Skip(1).Average(d => d.Value) : 0);
            meanSpend.Add(before.Average(d => d.Value));
            soFar.Add(before.Sum(d => d.Value));
            bought.Add(after.Count);
            spend.Add(after.Sum(d => d.Value));
        }
        return new(
            new([.. days.Keys.Select(k => k.ToString("0000", CultureInfo.InvariantCulture))], [.. x], [.. recency], [.. age], [.. repeatSpend], [.. meanSpend]),
            [.. soFar], [.. bought], [.. spend]);
    }
}
