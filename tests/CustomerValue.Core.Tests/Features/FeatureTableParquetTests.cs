using CustomerValue.Features;

namespace CustomerValue.Tests.Features;

public sealed class FeatureTableParquetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("customervalue-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(0), InlineData(3), InlineData(300_000)]
    public void A_table_read_back_is_the_same_bit_for_bit(int rows)
    {
        var random = new Random(7);
        var table = new FeatureTable(new(2011, 6, 1),
            [.. Enumerable.Range(0, rows).Select(r => $"c{r:000000}")],
            [new("tenure_days", "days", "From the first order to the cutoff", "rfm"), new("net_spend", "currency", "Spend so far, \"net\"; 顾客", "rfm")],
            [[.. Enumerable.Range(0, rows).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64()))], [.. Enumerable.Range(0, rows).Select(r => r == 0 ? -0.0 : r / 3.0)]]);
        var path = Path.Combine(_folder, "deep", "table.parquet");

        FeatureTableParquet.Write(table, path);
        var read = FeatureTableParquet.Read(path);

        Assert.Equal(table.Cutoff, read.Cutoff);
        Assert.Equal(table.CustomerIds, read.CustomerIds);
        Assert.Equal(table.Features, read.Features);
        for (var c = 0; c < 2; c++)
            Assert.Equal(table.Columns[c].Select(BitConverter.DoubleToInt64Bits), read.Columns[c].Select(BitConverter.DoubleToInt64Bits));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task A_Parquet_file_of_another_kind_is_refused()
    {
        var path = Path.Combine(_folder, "other.parquet");
        var field = new Parquet.Schema.DataField<double>("x");
        await using (var stream = File.Create(path))
        await using (var writer = await Parquet.ParquetWriter.CreateAsync(new Parquet.Schema.ParquetSchema(field), stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(field, new[] { 1.0 });
        }

        var error = Assert.Throws<InvalidDataException>(() => FeatureTableParquet.Read(path));
        Assert.Contains("no feature table", error.Message, StringComparison.Ordinal);
    }
}
