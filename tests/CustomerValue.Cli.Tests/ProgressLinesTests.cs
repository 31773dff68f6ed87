using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

public class ProgressLinesTests
{
    private readonly FixedClock _clock = new();

    [Fact]
    public void A_line_tells_stage_share_rate_and_time_left() =>
        Assert.Equal("reading [##########..........] 50 % 5/10 MB, 2.5 MB/s, 2.0 s left", ProgressLines.Describe(After(2, new("reading", 0, 10, "MB"), new("reading", 5, 10, "MB"))));

    [Fact]
    public void Without_a_total_it_counts() =>
        Assert.Equal("reading: 5 rows, 2.5 rows/s", ProgressLines.Describe(After(2, new("reading", 0, null, "rows"), new("reading", 5, null, "rows"))));

    [Fact]
    public void What_was_done_before_the_first_report_makes_no_rate() =>
        Assert.Equal("fitting [##########..........] 50 % 5/10 candidates, 0.1 candidates/s, 50 s left",
            ProgressLines.Describe(After(10, new("fitting", 4, 10, "candidates"), new("fitting", 5, 10, "candidates"))));

    [Fact]
    public void Where_the_output_is_no_terminal_plain_lines_come_now_and_then()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var progress = new ProgressLines(output, _clock);
        for (var second = 0; second <= 12; second++)
        {
            progress.Report(new("fitting", second, 20, "candidates"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        progress.Report(new("fitting", 20, 20, "candidates"));
        progress.Report(new("comparing", 1, 20, "candidates"));
        Assert.Equal(
            ["fitting [#####...............] 25 % 5/20 candidates, 1 candidates/s, 15 s left", "fitting [##########..........] 50 % 10/20 candidates, 1 candidates/s, 10 s left"],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(12.4, "12 s")]
    [InlineData(59.6, "1:00")]
    [InlineData(185, "3:05")]
    [InlineData(90_000, "25:00:00")]
    public void Times_read_as_people_write_them(double seconds, string text) => Assert.Equal(text, RunningStage.Clock(TimeSpan.FromSeconds(seconds)));

    private RunningStage After(double seconds, StageProgress first, StageProgress last)
    {
        var stage = RunningStage.Begin(first, _clock);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return stage.After(last);
    }
}
