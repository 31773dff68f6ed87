using CustomerValue.Testing;
using CustomerValue.Text;

namespace CustomerValue.Cli.Tests.Commands.Text;

public sealed class CorpusCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_and_what_they_say_are_read_as_columns()
    {
        var run = CommandRun.Of("text", "corpus", "--texts", "200", "--seed", "5", "--output", _folder.In("corpus.csv"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(200, run.Json.GetProperty("texts").GetInt32());
        var rows = TextColumn.Read(_folder.In("corpus.csv"), "text", "mood").ToList();
        Assert.Equal(200, rows.Count);
        Assert.Equal(["good", "none", "poor"], rows.Select(r => r.Group).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(rows, r => r.Text.Contains('\n', StringComparison.Ordinal));         // the turns of a chat
    }

    [Fact]
    public void One_kind_alone_can_be_had()
    {
        Assert.Equal(0, CommandRun.Of("text", "corpus", "--texts", "50", "--only", "statement", "--output", _folder.In("corpus.csv")).ExitCode);
        Assert.Equal(["statement"], TextColumn.Read(_folder.In("corpus.csv"), "text", "kind").Select(r => r.Group).Distinct());
    }

    [Fact]
    public void What_it_cannot_write_is_refused()
    {
        Assert.Equal(2, CommandRun.Of("text", "corpus", "--texts", "0", "--output", _folder.In("corpus.csv")).ExitCode);
        var kind = CommandRun.Of("text", "corpus", "--only", "poem", "--output", _folder.In("corpus.csv"));
        Assert.Equal(2, kind.ExitCode);
        Assert.Contains("statement, review, dialogue", kind.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.In("corpus.csv")));
    }
}
