namespace CustomerValue.Cli.Tests;

public class ProgramTests
{
    public static TheoryData<string> CommandNames => [.. Catalogue.All().Select(c => c.Name)];

    [Theory, MemberData(nameof(CommandNames))]
    public void Every_command_teaches_by_an_example(string command)
    {
        var run = CommandRun.Of(command, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"customervalue {command}", run.Output, StringComparison.Ordinal);
        Assert.Contains("Example", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_usage_ends_with_2_and_names_the_help()
    {
        var run = CommandRun.Of("evaluate", "--colour");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--colour", run.Errors, StringComparison.Ordinal);
        Assert.Contains("customervalue evaluate --help", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Failed_work_ends_with_1_and_a_sentence()
    {
        var run = CommandRun.Of("evaluate", "no-such.parquet", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("There is no file no-such.parquet.", run.Errors.Trim());
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Verbose_shows_where_it_failed() =>
        Assert.Contains("   at ", CommandRun.Of("evaluate", "no-such.parquet", "--verbose").Errors, StringComparison.Ordinal);
}
