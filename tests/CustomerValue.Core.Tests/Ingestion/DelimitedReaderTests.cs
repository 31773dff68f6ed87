using System.Text;
using CustomerValue.Ingestion;
using FsCheck.Fluent;

namespace CustomerValue.Tests.Ingestion;

public class DelimitedReaderTests
{
    [Fact]
    public void Quotes_hold_delimiters_line_breaks_and_doubled_quotes() =>
        Assert.Equal(
            [["a", "b,c", "d\ne", "f\"g\""], ["1", "", " 2 ", "x\"y"]],
            Records("a,\"b,c\",\"d\ne\",\"f\"\"g\"\"\"\r\n1,, 2 ,x\"y\n"));

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\n1,2")]
    [InlineData("\uFEFFa,b\n\n1,2\r\n\n")]
    [InlineData("\"a\",\"b\"\r\n\"1\",\"2\"")]
    public void Line_ends_marks_and_quotes_make_no_difference(string text) => Assert.Equal([["a", "b"], ["1", "2"]], Records(text));

    [Fact]
    public void Blanks_split_where_a_file_is_set_in_columns() =>
        Assert.Equal([["00004", "0001", "19970101", "2", "29.33"], ["5"]], Records(" 00004 0001 19970101  2   29.33\r\n\r\n   5  ", 0));

    [Fact]
    public void Lines_are_counted_through_quoted_line_breaks()
    {
        using var reader = Reader("h\n\"a\nb\nc\"\nlast\n", (byte)',');
        Assert.Equal([1L, 2L, 5L], Lines(reader));
    }

    [Theory]
    [InlineData("1,\"open\n2,x\n3,y\n", "never closed")]
    [InlineData("1,\"closed\"too early\n2,x\n3,y\n", "text follows a closing quote")]
    public void A_broken_quote_costs_one_line(string text, string defect)
    {
        using var reader = Reader(text, (byte)',');
        Assert.True(reader.Read());
        Assert.Contains(defect, reader.Defect, StringComparison.Ordinal);
        Assert.StartsWith("1,\"", Encoding.UTF8.GetString(reader.Raw), StringComparison.Ordinal);
        Assert.True(reader.Read());
        Assert.Equal((2L, "2,x"), (reader.Line, Encoding.UTF8.GetString(reader.Raw)));
        Assert.True(reader.Read());
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_stray_quote_in_a_long_file_is_given_up_after_a_megabyte()
    {
        var text = new StringBuilder("1,\"stray\n");
        for (var i = 0; i < 400_000; i++) text.Append("2,abc\n");
        using var reader = Reader(text.ToString(), (byte)',');
        Assert.True(reader.Read());
        Assert.NotNull(reader.Defect);
        var rest = 0;
        for (; reader.Read(); rest++) Assert.Null(reader.Defect);
        Assert.Equal(400_000, rest);
    }

    [Fact]
    public void Any_cut_of_the_stream_gives_the_same_records()
    {
        const string text = "a,\"b\"\"b\",c\r\n\"d\r\nd\",,\"\"\n,\"x\"\r\n\"é漢😀\",y,z";
        var whole = Records(text);
        for (var size = 1; size < 40; size++)
        {
            using var reader = new DelimitedReader(new Trickle(Encoding.UTF8.GetBytes(text), size), (byte)',');
            Assert.Equal(whole, All(reader));
        }
    }

    [Fact]
    public void Records_larger_than_the_buffer_come_whole()
    {
        var large = new string('x', 600_000);
        Assert.Equal([["1", large], ["2", large + "\n" + large[..300_000]]], Records($"1,{large}\n2,\"{large}\n{large[..300_000]}\"\n"));
    }

    [Fact]
    public void Whatever_is_written_in_quotes_is_read_back()
    {
        var field = Gen.Elements("a", "0.5", ",", ";", "\"", "\n", "\r\n", " ", "\t", "客户", "é", "😀", "").ListOf().Select(string.Concat);
        var record = field.NonEmptyListOf().Select(fields => fields.ToArray());
        var examples =
            from records in record.NonEmptyListOf()
            from delimiter in Gen.Elements(',', ';', '\t')
            from end in Gen.Elements("\n", "\r\n")
            select (records, delimiter, end);
        Property.Holds(examples, example =>
        {
            var (records, delimiter, end) = example;
            // Quotes only where they are needed, and around a field that stands alone: an empty line is no record.
            var text = string.Concat(records.Select(fields => string.Join(delimiter, fields.Select(f => fields.Length == 1 || f.Any(c => c == delimiter || c is '"' or '\n' or '\r') ? $"\"{f.Replace("\"", "\"\"")}\"" : f)) + end));
            Assert.Equal(records, Records(text, (byte)delimiter));
        });
    }

    private static DelimitedReader Reader(string text, byte delimiter) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), delimiter);

    private static List<string[]> Records(string text, byte delimiter = (byte)',')
    {
        using var reader = Reader(text, delimiter);
        return All(reader);
    }

    private static List<string[]> All(DelimitedReader reader)
    {
        var records = new List<string[]>();
        while (reader.Read())
        {
            Assert.Null(reader.Defect);
            var fields = new string[reader.Fields];
            for (var i = 0; i < fields.Length; i++) fields[i] = Encoding.UTF8.GetString(reader[i]);
            records.Add(fields);
        }
        return records;
    }

    private static List<long> Lines(DelimitedReader reader)
    {
        var lines = new List<long>();
        while (reader.Read()) lines.Add(reader.Line);
        return lines;
    }

    /// <summary>Gives at most some bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
