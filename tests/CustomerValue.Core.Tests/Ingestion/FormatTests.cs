using System.Globalization;
using System.Text;
using CustomerValue.Ingestion;

namespace CustomerValue.Tests.Ingestion;

public class FormatTests
{
    [Theory]
    [InlineData("iso", "2011-12-09", "2011-12-09T00:00:00")]
    [InlineData("iso", "20111209", "2011-12-09T00:00:00")]
    [InlineData("iso", "2011-12-09 12:50", "2011-12-09T12:50:00")]
    [InlineData("iso", "2011-12-09T12:50:07.25Z", "2011-12-09T12:50:07.25")]
    [InlineData("iso", "2011-12-09T12:50:07+08:00", "2011-12-09T12:50:07")]
    [InlineData("dd/MM/yyyy HH:mm", "09/12/2011 12:50", "2011-12-09T12:50:00")]
    [InlineData("M/d/yyyy H:mm", "12/9/2011 8:05", "2011-12-09T08:05:00")]
    [InlineData("d MMM yyyy", "9 Dec 2011", "2011-12-09T00:00:00")]
    [InlineData("MMMM d, yyyy'.'", "December 9, 2011.", "2011-12-09T00:00:00")]
    [InlineData("MMMM d'.' in 2016", "February 29.", "2016-02-29T00:00:00")]
    [InlineData("unix", "1323435000", "2011-12-09T12:50:00")]
    [InlineData("unix_ms", "1323435000250", "2011-12-09T12:50:00.25")]
    public void Times_are_read_as_they_are_written(string pattern, string text, string expected)
    {
        Assert.True(DateFormat.From(pattern)!.TryRead(Encoding.UTF8.GetBytes(text), out var at));
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), at);
    }

    [Theory]
    [InlineData("iso", "")]
    [InlineData("iso", "2011-02-29")]
    [InlineData("iso", "2011-13-01")]
    [InlineData("iso", "2011-12-09 24:00")]
    [InlineData("iso", "2011-12-09 12:50 or so")]
    [InlineData("iso", "2011-1209")]
    [InlineData("iso", "09/12/2011")]
    [InlineData("dd/MM/yyyy", "9/12/2011")]
    [InlineData("dd/MM/yyyy", "09/12/20111")]
    [InlineData("MMMM d in 2015", "February 29")]
    [InlineData("unix", "-99999999999999")]
    [InlineData("unix", "99999999999999999")]
    [InlineData("unix", "12.5")]
    public void What_is_no_such_time_is_refused(string pattern, string text) =>
        Assert.False(DateFormat.From(pattern)!.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("qq")]
    [InlineData("HH:mm")]
    [InlineData("")]
    public void A_pattern_that_tells_no_day_is_none(string pattern) => Assert.Null(DateFormat.From(pattern));

    [Theory]
    [InlineData("2.55", "2.55", 2)]
    [InlineData("-0.10", "-0.1", 1)]
    [InlineData("+7", "7", 0)]
    [InlineData("007.5000", "7.5", 1)]
    [InlineData(".5", "0.5", 1)]
    [InlineData("5.", "5", 0)]
    [InlineData(" 12 ", "12", 0)]
    [InlineData("999999999999999999", "999999999999999999", 0)]
    [InlineData("0.000000000000000001", "0.000000000000000001", 18)]
    public void Numbers_are_read_exactly(string text, string expected, int decimals)
    {
        Assert.True(new NumberFormat('.').TryRead(Encoding.UTF8.GetBytes(text), out var number, out var found));
        Assert.Equal((expected, decimals), (number.ToString(CultureInfo.InvariantCulture), found));
    }

    [Theory]
    [InlineData("1.234.567,89", ',', '.', "1234567.89")]
    [InlineData("1,234.5", '.', ',', "1234.5")]
    [InlineData("1234.5", '.', ',', "1234.5")]
    [InlineData("12'345", '.', '\'', "12345")]
    public void Marks_of_other_countries_are_read(string text, char mark, char thousands, string expected)
    {
        Assert.True(new NumberFormat(mark, thousands).TryRead(Encoding.UTF8.GetBytes(text), out var number, out _));
        Assert.Equal(expected, number.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("1,5")]
    [InlineData("1.2.3")]
    [InlineData("1,23.5")]
    [InlineData("£5")]
    [InlineData("1234567890123456789")]
    [InlineData("0.0000000000000000000000000001")]
    public void What_is_no_number_is_refused(string text) => Assert.False(new NumberFormat('.').TryRead(Encoding.UTF8.GetBytes(text), out _, out _));

    [Theory]
    [InlineData(",123")]
    [InlineData("12,34")]
    [InlineData("1234,567")]
    [InlineData("1,2345")]
    [InlineData("1,234,")]
    public void Misplaced_thousands_marks_are_refused(string text) => Assert.False(new NumberFormat('.', ',').TryRead(Encoding.UTF8.GetBytes(text), out _, out _));
}
