using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

public class ProgressLineTests
{
    [Fact]
    public void A_line_tells_stage_share_rate_and_time_left() =>
        Assert.Equal("reading [##########..........] 50 % 5/10 MB, 2.5 MB/s, 2 s left", ProgressLine.Describe(new("reading", 5, 10, "MB"), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Without_a_total_it_counts() =>
        Assert.Equal("reading: 5 rows, 2.5 rows/s", ProgressLine.Describe(new("reading", 5, null, "rows"), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Where_the_output_is_no_terminal_plain_lines_come_now_and_then()
    {
        var (output, clock) = (new StringWriter { NewLine = "\n" }, new FixedClock());
        var progress = new ProgressLine(output, interactive: false, clock);
        for (var second = 0; second <= 12; second++)
        {
            progress.Report(new("fitting", second, 20, "candidates"));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
    }
}
