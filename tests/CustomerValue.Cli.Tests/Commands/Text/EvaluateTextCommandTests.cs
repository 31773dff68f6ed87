using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands.Text;

public sealed class EvaluateTextCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_encoder_that_comes_along_reads_writers_it_has_never_seen()
    {
        Assert.Equal(0, CommandRun.Of("text", "corpus", "--texts", "400", "--seed", "9", "--output", _folder.In("unseen.csv")).ExitCode);
        var run = CommandRun.Of("text", "evaluate", _folder.In("unseen.csv"), "--column", "text", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        var questions = run.Json.EnumerateArray().ToDictionary(q => q.GetProperty("head").GetString()!);
        Assert.Equal(["complaint", "ended", "intent", "loyalty", "mood", "sentiment"], questions.Keys.Order(StringComparer.Ordinal));
        Assert.All(questions.Values, q => Assert.Equal(400, q.GetProperty("texts").GetInt32()));
        Assert.All(new[] { "ended", "intent", "loyalty", "mood" }, head => Assert.InRange(questions[head].GetProperty("macro_f1").GetDouble(), 0.9, 1));
    }

    [Fact]
    public void Only_what_is_labelled_counts_and_wrong_labels_are_named()
    {
        _folder.Write("few.csv", "text,mood\nI'm anything but glad.,poor\n我很开心。,\nI couldn't be happier.,poor\n");
        var judged = CommandRun.Of("text", "evaluate", _folder.In("few.csv"), "--column", "text", "--head", "mood", "--json").Json.EnumerateArray().Single();
        Assert.Equal((2, 3, 0.5), (judged.GetProperty("texts").GetInt32(), judged.GetProperty("labels").GetInt32(), judged.GetProperty("accuracy").GetDouble()));

        var unknown = CommandRun.Of("text", "evaluate", _folder.Write("few.csv", "text,mood\na,good\nb,glad\n"), "--column", "text", "--head", "mood");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("text 2: 'glad' is no label of the head mood. It has: good, none, poor.", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("asked for: joy", CommandRun.Of("text", "evaluate", _folder.In("few.csv"), "--column", "text", "--head", "joy").Errors, StringComparison.Ordinal);
        Assert.Contains("there is no column 'loyalty'", CommandRun.Of("text", "evaluate", _folder.In("few.csv"), "--column", "text").Errors, StringComparison.Ordinal);
        Assert.Contains("nothing to hold the head against", CommandRun.Of("text", "evaluate", _folder.Write("none.csv", "text,mood\na,\n"), "--column", "text", "--head", "mood").Errors, StringComparison.Ordinal);
    }
}
