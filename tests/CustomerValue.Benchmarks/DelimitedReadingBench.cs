using System.Globalization;
using System.Text;
using CustomerValue.Ingestion;

namespace CustomerValue.Benchmarks;

/// <summary>Is reading a delimited file as bytes, quotes and all, faster than splitting its lines as text, and how much garbage does it make?</summary>
[MemoryDiagnoser]
public class DelimitedReadingBench
{
    private byte[] _file = null!;

    [Params(100_000)] public int Lines { get; set; }

    [GlobalSetup]
    public void Write()
    {
        var text = new StringBuilder("customer,order,day,product,description,quantity,price\n");
        for (var line = 0; line < Lines; line++)
            text.Append(CultureInfo.InvariantCulture, $"C{line % 5000:D6},{line / 8},2011-06-{1 + line % 28:D2},P{line % 977},\"Glass jar, {line % 7} pieces\",{1 + line % 12},{line % 90}.95\n");
        _file = Encoding.UTF8.GetBytes(text.ToString());
    }

    [Benchmark(Baseline = true)]
    public int SplitLines()
    {
        using var reader = new StreamReader(new MemoryStream(_file));
        var length = 0;
        while (reader.ReadLine() is { } line)
            foreach (var field in line.Split(',')) length += field.Length;
        return length;
    }

    [Benchmark]
    public int DelimitedReader()
    {
        using var reader = new DelimitedReader(new MemoryStream(_file), (byte)',');
        var length = 0;
        while (reader.Read())
            for (var field = 0; field < reader.Fields; field++) length += reader[field].Length;
        return length;
    }
}
