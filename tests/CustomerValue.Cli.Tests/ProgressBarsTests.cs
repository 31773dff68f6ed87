using CustomerValue.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace CustomerValue.Cli.Tests;

public sealed class ProgressBarsTests : IDisposable
{
    private readonly TestConsole _console = new TestConsole().Interactive().EmitAnsiSequences().Width(80);
    private readonly FixedClock _clock = new();
    private readonly ProgressBars _progress;

    public ProgressBarsTests() => _progress = new(_console, _clock);

    public void Dispose()
    {
        _progress.Dispose();
        _console.Dispose();
    }

    private Screen Seen => Screen.After(_console.Output);

    /// <summary>The bars as they were drawn last, before a text took them off the screen.</summary>
    private string[] Drawn()
    {
        _progress.Quietly(() => { });
        return Screen.After(_console.Output[.._console.Output.LastIndexOf("\r\u001b[2K", StringComparison.Ordinal)]).Lines;
    }

    [Fact]
    public void A_bar_shows_stage_share_rate_and_time_left()
    {
        _progress.Report(new("reading", 0, 10, "MB"));
        _clock.Advance(TimeSpan.FromSeconds(4));
        _progress.Report(new("reading", 2.5, 10, "MB"));
        Assert.Equal(["reading ━━━━━━━━━━━━━━━━━━━━  25 %        0.62 MB/s  12 s left"], Drawn());
    }

    [Fact]
    public void While_a_unit_takes_long_the_time_left_runs_down_to_what_the_others_will_take()
    {
        _progress.Report(new("fitting", 0, 4, "candidates"));
        _clock.Advance(TimeSpan.FromSeconds(20));
        _progress.Report(new("fitting", 2, 4, "candidates"));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.EndsWith(" 16 s left", Assert.Single(Drawn()), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(60));
        _progress.Report(new("fitting", 2, 4, "candidates"));
        Assert.EndsWith(" 10 s left", Assert.Single(Drawn()), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_total_it_shows_the_time_gone_by()
    {
        _progress.Report(new("reading", 0, null, "rows"));
        _clock.Advance(TimeSpan.FromSeconds(65));
        _progress.Report(new("reading", 650, null, "rows"));
        var line = Assert.Single(Drawn());
        Assert.StartsWith("reading ", line, StringComparison.Ordinal);
        Assert.EndsWith("10 rows/s       1:05", line, StringComparison.Ordinal);
        Assert.DoesNotContain('%', line);
    }

    [Fact]
    public void Stages_that_run_together_have_a_bar_each()
    {
        _progress.Report(new("reading", 5, 10, "MB"));
        _progress.Report(new("writing", 1, 4, "partitions"));
        Assert.Equal(["reading", "writing"], Drawn().Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_finished_stage_stays_as_one_line_with_its_time_and_the_next_has_its_bar_below()
    {
        _progress.Report(new("features at 2024-07-01", 0, 64, "units"));
        _clock.Advance(TimeSpan.FromSeconds(3.2));
        _progress.Report(new("features at 2024-07-01", 64, 64, "units"));
        _progress.Report(new("fitting", 1, 4, "candidates"));
        var drawn = Drawn();
        Assert.Equal("features at 2024-07-01: 64 units in 3.2 s", drawn[0]);
        Assert.StartsWith("fitting ━━━━━━━━━━━━━━━━━━━━  25 %", drawn[1], StringComparison.Ordinal);

        _progress.Dispose();
        Assert.Equal(["features at 2024-07-01: 64 units in 3.2 s"], Seen.Lines);
    }

    [Fact]
    public void Text_in_between_stands_on_clean_lines()
    {
        _progress.Report(new("a stage with a long name", 1, 3, "candidates"));
        _progress.Quietly(() => _console.WriteLine("first"));
        _progress.Report(new("a stage with a long name", 2, 3, "candidates"));
        _progress.Quietly(() => _console.WriteLine("second"));
        _progress.Report(new("a stage with a long name", 3, 3, "candidates"));
        _progress.Dispose();
        Assert.Equal(["first", "second", "a stage with a long name: 3 candidates in 0.0 s"], Seen.Lines);
        Assert.False(Seen.CursorHidden);
    }

    [Fact]
    public void What_is_stopped_leaves_a_clean_screen_and_a_cursor()
    {
        _progress.Report(new("simulate", 10, 100, "customers"));
        _progress.Dispose();
        Assert.Contains("simulate", _console.Output, StringComparison.Ordinal);
        Assert.Empty(Seen.Lines);
        Assert.False(Seen.CursorHidden);
    }

    [Fact]
    public void Late_reports_of_other_threads_take_nothing_back()
    {
        _progress.Report(new("writing", 2, 4, "partitions"));
        _progress.Report(new("writing", 1, 4, "partitions"));
        Assert.Contains(" 50 %", Assert.Single(Drawn()), StringComparison.Ordinal);
        _progress.Report(new("writing", 4, 4, "partitions"));
        _progress.Report(new("writing", 3, 4, "partitions"));
        _progress.Report(new("writing", 4, 4, "partitions"));
        _progress.Dispose();
        Assert.Equal(["writing: 4 partitions in 0.0 s"], Seen.Lines);
    }

    [Fact]
    public void A_stage_may_begin_again()
    {
        for (var run = 0; run < 2; run++)
            for (var done = 0; done <= 2; done++) _progress.Report(new("writing", done, 2, "partitions"));
        _progress.Dispose();
        Assert.Equal(Enumerable.Repeat("writing: 2 partitions in 0.0 s", 2), Seen.Lines);
    }

    [Fact]
    public void A_stage_without_a_total_ends_when_the_next_begins_or_the_work_is_over()
    {
        _progress.Report(new("reading", 1_234, null, "rows"));
        _progress.Report(new("checking", 5, null, "rows"));
        _progress.Dispose();
        Assert.Equal(["reading: 1,234 rows in 0.0 s", "checking: 5 rows in 0.0 s"], Seen.Lines);
    }

    [Fact]
    public void Many_threads_report_and_one_writes_between()
    {
        var done = 0;
        Parallel.For(0, 20_000, i =>
        {
            _progress.Report(new("counting", Interlocked.Increment(ref done), 20_000, "numbers"));
            if (i % 5_000 == 0) _progress.Quietly(() => _console.WriteLine("text"));
        });
        _progress.Dispose();
        Assert.Equal(["counting: 20,000 numbers in 0.0 s", "text", "text", "text", "text"], Seen.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_terminal_that_goes_away_stops_no_work()
    {
        using var gone = new ProgressBars(AnsiConsole.Create(new() { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(new GoneWriter()) }), _clock);
        gone.Report(new("writing", 1, 2, "partitions"));
        gone.Quietly(() => { });
        gone.Report(new("writing", 2, 2, "partitions"));
    }

    private sealed class GoneWriter : StringWriter
    {
        public override void Write(char value) => throw new IOException("the terminal is gone");

        public override void Write(string? value) => throw new IOException("the terminal is gone");
    }
}
