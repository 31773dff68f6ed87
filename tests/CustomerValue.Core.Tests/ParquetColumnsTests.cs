using CustomerValue.Testing;

namespace CustomerValue.Tests;

public sealed class ParquetColumnsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ParquetColumns Table()
    {
        var table = new ParquetColumns().Add<string>("customer", ["a", "", "客户"]).Add<double>("x", [1.0 / 3, -0.0, double.MaxValue])
            .Add<int>("n", [1, int.MinValue, 3]).Add<bool>("churned", [true, false, true]);
        table.Facts["cutoff"] = "2024-07-01";
        return table;
    }

    [Fact]
    public void What_is_written_is_read_back_bit_by_bit()
    {
        Table().Write(_folder.In("t.parquet"));
        var back = ParquetColumns.Read(_folder.In("t.parquet"));
        Assert.Equal(["customer", "x", "n", "churned"], back.Names);
        Assert.Equal(["a", "", "客户"], back.Column<string>("customer"));
        Assert.Equal(Table().Column<double>("x").Select(BitConverter.DoubleToInt64Bits), back.Column<double>("x").Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([1, int.MinValue, 3], back.Column<int>("n"));
        Assert.Equal([true, false, true], back.Column<bool>("churned"));
        Assert.Equal("2024-07-01", back.Facts["cutoff"]);
    }

    [Fact]
    public void The_same_table_gives_the_same_bytes()
    {
        Table().Write(_folder.In("a.parquet"));
        Table().Write(_folder.In("b.parquet"));
        Assert.Equal(File.ReadAllBytes(_folder.In("a.parquet")), File.ReadAllBytes(_folder.In("b.parquet")));
    }

    [Fact]
    public void No_rows_are_a_table_too()
    {
        new ParquetColumns().Add<double>("x", []).Write(_folder.In("t.parquet"));
        Assert.Equal(0, ParquetColumns.Read(_folder.In("t.parquet")).Rows);
    }

    [Fact]
    public void Wrong_columns_are_refused_in_words()
    {
        Assert.Contains("2 rows where 3", Assert.Throws<ArgumentException>(() => Table().Add<double>("y", [1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("stands already", Assert.Throws<ArgumentException>(() => Table().Add<double>("x", [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("no column 'z'; there are: customer", Assert.Throws<InvalidDataException>(() => Table().Column<double>("z")).Message, StringComparison.Ordinal);
        Assert.Contains("holds String, where Double", Assert.Throws<InvalidDataException>(() => Table().Column<double>("customer")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_Parquet_is_refused_by_name()
    {
        File.WriteAllText(_folder.In("t.parquet"), "customer,x\na,1\n and some more text to be long enough");
        Assert.Contains("t.parquet is no Parquet file", Assert.Throws<InvalidDataException>(() => ParquetColumns.Read(_folder.In("t.parquet"))).Message, StringComparison.Ordinal);
    }
}
