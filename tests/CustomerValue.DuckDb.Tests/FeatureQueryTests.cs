using CustomerValue.DuckDb;
using CustomerValue.Features;

namespace CustomerValue.Tests;

public sealed class FeatureQueryTests
{
    [Fact]
    public void Dump()
    {
        using var warehouse = RealWarehouses.OnlineRetail();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var source = new FeatureQuery().Over(warehouse.Folder);
        var table = source.At(new(2011, 6, 1));
        Console.WriteLine($"{table.Rows} x {table.Columns.Count} in {clock.Elapsed.TotalSeconds}");
        for (var c = 0; c < table.Columns.Count; c++)
        {
            var v = table.Columns[c];
            Console.WriteLine($"{table.Features[c].Set} {table.Features[c].Name} [{table.Features[c].Unit}] {v.Min():0.###} {v.Average():0.###} {v.Max():0.###}");
        }
    }
}
