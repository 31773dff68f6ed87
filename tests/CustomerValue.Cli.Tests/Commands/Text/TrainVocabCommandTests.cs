using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands.Text;

public sealed class TrainVocabCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Reviews() => _folder.Write("reviews.csv", "text\n" + string.Concat(Enumerable.Repeat("物流很快\nthe parcel came late\n", 8)));

    [Fact]
    public void A_vocabulary_learned_from_a_column_cuts_texts()
    {
        var run = CommandRun.Of("text", "train-vocab", "--input", Reviews(), "--column", "text", "--size", "80", "--chinese-words", "--output", _folder.In("vocabulary"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(run.Json.GetProperty("tokens").GetInt32(), File.ReadLines(_folder.In("vocabulary", "vocab.txt")).Count());

        var cut = CommandRun.Of("text", "tokenize", "--model", _folder.In("vocabulary"), "--text", "parcel 物流很快", "--json");
        Assert.Equal(["[CLS]", "parcel", "物流很快", "[SEP]"], cut.Json.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal((2, 3), (cut.Json.GetProperty("ids")[0].GetInt32(), cut.Json.GetProperty("ids")[3].GetInt32()));
        Assert.Contains("[CLS]/2", CommandRun.Of("text", "tokenize", "--model", _folder.In("vocabulary"), "--text", "parcel").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cant_be_learned_or_read_is_told()
    {
        Assert.Equal(2, CommandRun.Of("text", "train-vocab", "--input", _folder.In("none.csv"), "--output", _folder.In("v")).ExitCode);
        Assert.Equal(2, CommandRun.Of("text", "train-vocab", "--input", Reviews(), "--column", "text", "--size", "3", "--output", _folder.In("v")).ExitCode);
        var folder = CommandRun.Of("text", "tokenize", "--model", _folder.In("nowhere"), "--text", "a");
        Assert.Equal(1, folder.ExitCode);
        Assert.Contains("isn't a folder", folder.Errors, StringComparison.Ordinal);
    }
}
