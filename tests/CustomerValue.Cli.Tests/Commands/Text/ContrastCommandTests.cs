using CustomerValue.Mlflow;
using CustomerValue.Testing;
using CustomerValue.Tracking;

namespace CustomerValue.Cli.Tests.Commands.Text;

/// <summary>text contrast, end to end, with the tiny BERT.</summary>
public sealed class ContrastCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CommandRun Run(params string[] arguments) => CommandRun.Logging(_folder.In("mlflow.db"), arguments);

    [Fact]
    public void Reviews_of_one_product_come_to_lie_together()
    {
        var (reviews, close) = (Path.Combine(RealData.Root, "data-samples", "shop", "reviews.csv"), _folder.In("close"));
        string[] command = ["text", "contrast", reviews, "--column", "text", "--together", "product_id", "--pairs", "200", "--model", RealModels.Need("bert-tiny-random"), "--out", close,
            "--learning-rate", "1e-3", "--tokens", "32", "--epochs", "2", "--held-out", "0.3", "--json"];
        var run = Run(command);
        Assert.True(run.ExitCode == 0, run.Errors);
        var (pairs, held) = (run.Json.GetProperty("pairs").GetInt32(), run.Json.GetProperty("held_out").GetInt32());
        Assert.Equal(200, pairs + held);
        Assert.InRange(held, 20, 120);
        Assert.InRange(run.Json.GetProperty("before").GetProperty("partner_found").GetDouble(), 0, 1);
        Assert.NotEqual(run.Json.GetProperty("before").GetProperty("reciprocal_rank").GetDouble(), run.Json.GetProperty("after").GetProperty("reciprocal_rank").GetDouble());
        Assert.False(Directory.Exists(Path.Combine(close, "checkpoints")));

        var stored = MlflowSqliteStore.Open(_folder.In("mlflow.db"), TimeProvider.System).Read(run.Json.GetProperty("run_id").GetString()!);
        Assert.Equal(("text-contrastive-tuning", RunStatus.Finished, "product_id"), (stored.Run.Experiment, stored.Run.Status, stored.Parameters["together"]));
        Assert.Contains("dev/partner_found", stored.Metrics.Keys);
        var embedded = CommandRun.Of("text", "embed", "--model", close, "--text", "the parcel came late", "--json");
        Assert.True(embedded.ExitCode == 0, embedded.Errors);

        Assert.Contains("finished model already", Run(command).Errors, StringComparison.Ordinal);
        var again = Run([.. command.Select(a => a == close ? _folder.In("again") : a)]);
        Assert.Equal(File.ReadAllBytes(Path.Combine(close, "model.safetensors")), File.ReadAllBytes(_folder.In("again", "model.safetensors")));
    }

    [Fact]
    public void Questions_find_their_answers()
    {
        // A thing has a colour, which no word of the question tells; what is said of it stands in both.
        string[] things = ["phone", "parcel", "price", "store", "box", "size", "gift", "cat"], colours = ["red", "blue", "green", "white", "black", "grey", "pink", "gold"], says = ["good", "bad", "late", "small", "old", "new", "fast", "slow"];
        var chats = _folder.Write("chats.csv", "question,answer,about\n" + string.Concat(Enumerable.Range(0, 64).Select(i => $"the {things[i % 8]} {says[i / 8]},{colours[i % 8]} it is {says[i / 8]},{i}\n")));
        var run = Run("text", "contrast", chats, "--column", "question", "--other", "answer", "--group", "about", "--model", RealModels.Need("bert-tiny-random"), "--output", _folder.In("close"),
            "--rate", "3e-3", "--epochs", "40", "--held-out", "0.3", "--keep", "best", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        double Found(string when) => run.Json.GetProperty(when).GetProperty("reciprocal_rank").GetDouble();
        Assert.True(Found("after") > Found("before"), run.Output);
    }

    [Theory]
    [InlineData("--other COLUMN", "--column", "a")]
    [InlineData("--other COLUMN", "--column", "a", "--other", "b", "--together", "c")]
    [InlineData("goes with --other", "--column", "a", "--together", "b", "--group", "c")]
    [InlineData("a share from 0 to 0.5", "--column", "a", "--other", "b", "--held-out", "0.7")]
    [InlineData("at least two are needed", "--column", "a", "--together", "b")]
    [InlineData("no column 'z'", "--column", "a", "--other", "z")]
    public void What_is_missing_is_asked_for(string said, params string[] arguments)
    {
        var run = CommandRun.Of(["text", "contrast", _folder.Write("t.csv", "a,b,c\nx,1,1\ny,2,1\n"), .. arguments, "--model", "x", "--output", _folder.In("y")]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_teaches()
    {
        var help = CommandRun.Of("text", "contrast", "--help").Output;
        foreach (var word in new[] { "--together", "--other", "--temperature", "--held-out", "--checkpoint-every", "customervalue text contrast reviews.csv" }) Assert.Contains(word, help, StringComparison.Ordinal);
    }
}
