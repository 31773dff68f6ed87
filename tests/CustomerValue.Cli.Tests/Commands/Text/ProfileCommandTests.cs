using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands.Text;

public sealed class ProfileCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Reviews() => _folder.Write("reviews.csv", "text,left\n" + string.Concat(Enumerable.Repeat("要求退款,yes\n\"slow, never again 👎\",yes\n物流很快,no\ngreat fit <b>!</b>,no\n", 15)));

    [Fact]
    public void Tells_what_texts_are_like_and_what_each_group_writes()
    {
        var run = CommandRun.Of("text", "profile", Reviews(), "--column", "text", "--group", "left", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(60, run.Json.GetProperty("texts").GetInt32());
        Assert.Equal(0.25, run.Json.GetProperty("emoji_share").GetDouble());
        var groups = run.Json.GetProperty("groups");
        Assert.Equal(["no", "yes"], groups.EnumerateArray().Select(g => g.GetProperty("group").GetString()));
        Assert.Contains(groups[1].GetProperty("keywords").EnumerateArray(), k => k.GetProperty("term").GetString() == "退款" && k.GetProperty("z").GetDouble() > 2);

        var table = CommandRun.Of("text", "profile", Reviews(), "--column", "text", "--group", "left");
        Assert.Contains("yes: 30 texts write more than the others:", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_or_file_that_isnt_there_is_told()
    {
        var column = CommandRun.Of("text", "profile", Reviews(), "--column", "review");
        Assert.Equal(1, column.ExitCode);
        Assert.Contains("There are: text, left", column.Errors, StringComparison.Ordinal);
        Assert.Equal(2, CommandRun.Of("text", "profile", _folder.In("none.csv"), "--column", "text").ExitCode);
        Assert.Equal(2, CommandRun.Of("text", "profile", Reviews(), "--column", "text", "--top", "0").ExitCode);
    }
}
