using System.Security.Cryptography;
using System.Text.Json;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands.Text;

/// <summary>text pretrain and text finetune, one after the other, as a shop would.</summary>
public sealed class TrainingCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Reviews() => _folder.Write("reviews.csv", "text,label,stars\n" + string.Concat(Enumerable.Range(0, 120).Select(i =>
        i % 2 == 0 ? $"the {(i % 3 == 0 ? "parcel" : "phone")} is good number {i},yes,5\n" : $"the {(i % 3 == 0 ? "parcel" : "phone")} is bad number {i},no,{(i % 5 == 0 ? "" : "1")}\n")));

    private string Vocabulary()
    {
        var digits = Enumerable.Range(0, 10).SelectMany(d => new[] { $"{d}", $"##{d}" });
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "parcel", "phone", "is", "good", "bad", "number", .. digits];
        Directory.CreateDirectory(_folder.In("vocab"));
        return Path.GetDirectoryName(_folder.Write("vocab/vocab.txt", string.Join('\n', tokens) + "\n"))!;
    }

    [Fact]
    public void Texts_become_an_encoder_and_the_encoder_learns_labels()
    {
        var (reviews, encoder, tuned) = (Reviews(), _folder.In("encoder"), _folder.In("tuned"));
        var learned = CommandRun.Logging(_folder.In("mlflow.db"), "text", "pretrain", reviews, "--column", "text", "--vocab", Vocabulary(), "--output", encoder, "--layers", "1", "--hidden", "32", "--heads", "2",
            "--epochs", "15", "--batch-tokens", "128", "--rate", "3e-3", "--held-out", "10", "--json");
        Assert.True(learned.ExitCode == 0, learned.Errors);
        Assert.True(learned.Json.GetProperty("after").GetProperty("perplexity").GetDouble() < learned.Json.GetProperty("before").GetProperty("perplexity").GetDouble() / 2);
        Assert.False(Directory.Exists(Path.Combine(encoder, "checkpoints")));

        var again = CommandRun.Logging(_folder.In("mlflow.db"), "text", "pretrain", reviews, "--column", "text", "--vocab", Vocabulary(), "--output", encoder);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("finished model already", again.Errors, StringComparison.Ordinal);

        var run = CommandRun.Logging(_folder.In("mlflow.db"), "text", "finetune", reviews, "--column", "text", "--label", "label", "--ordered", "stars", "--model", encoder, "--output", tuned,
            "--epochs", "10", "--batch-tokens", "128", "--rate", "3e-3", "--json");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.InRange(run.Json.GetProperty("figures").GetProperty("label_accuracy").GetDouble(), 0.95, 1);
        Assert.InRange(run.Json.GetProperty("figures").GetProperty("stars_accuracy").GetDouble(), 0.95, 1);

        var shown = CommandRun.Logging(_folder.In("mlflow.db"), "runs", "show", run.Json.GetProperty("run_id").GetString()![..8]);
        Assert.Contains("best/label_accuracy", shown.Output, StringComparison.Ordinal);
        var told = CommandRun.Of("text", "classify", "--model", tuned, "--text", "the phone is bad", "--json");
        Assert.True(told.ExitCode == 0, told.Errors);
        Assert.Contains("no", told.Output, StringComparison.Ordinal);

        string[] export = ["text", "export-onnx", "--model", tuned, "--output", _folder.In("package"), "--int8", "--labelled", reviews, "--column", "text", "--json"];
        var written = CommandRun.Of([.. export, "--label", "label", "--label", "stars"]);
        Assert.True(written.ExitCode == 0, written.Errors);
        Assert.All(written.Json.GetProperty("heads").EnumerateArray(), head => Assert.InRange(head.GetProperty("accuracy").GetDouble(), Math.Max(0.95, head.GetProperty("single_accuracy").GetDouble() - 0.01), 1));
        var unknown = CommandRun.Of([.. export, "--label", "intent"]);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("It has: label, stars.", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encoder_of_runs_of_tokens_is_what_its_configuration_says_and_is_taught_further_and_tuned()
    {
        var (reviews, encoder, further) = (Reviews(), _folder.In("encoder"), _folder.In("further"));
        void Done(params string[] arguments)
        {
            var run = CommandRun.Logging(_folder.In("mlflow.db"), [.. arguments, "--batch-tokens", "128", "--steps", "3", "--json"]);
            Assert.True(run.ExitCode == 0, run.Errors);
        }
        JsonElement Config(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json"))).RootElement;
        Done("text", "pretrain", reviews, "--column", "text", "--vocab", Vocabulary(), "--output", encoder, "--layers", "1", "--hidden", "32", "--heads", "2", "--runs", "3");
        Assert.Equal(("ngram-bert", 3, 262_139, 64), (Config(encoder).GetProperty("model_type").GetString(), Config(encoder).GetProperty("ngram_order").GetInt32(),
            Config(encoder).GetProperty("ngram_buckets").GetInt32(), Config(encoder).GetProperty("ngram_width").GetInt32()));
        Done("text", "pretrain", reviews, "--column", "text", "--model", encoder, "--output", further);
        Assert.Equal("ngram-bert", Config(further).GetProperty("model_type").GetString());

        // Each option changes what is learned; the same options change nothing.
        string Tuned(string name, params string[] more)
        {
            Done(["text", "finetune", reviews, "--column", "text", "--label", "label", "--model", encoder, "--output", _folder.In(name), "--rate", "1e-3", "--seed", "4", .. more]);
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder.In(name, "model.safetensors"))));
        }
        var plain = Tuned("plain", "--keep", "last");
        Assert.Equal(plain, Tuned("same", "--keep", "last"));
        string[][] options = [["--word-dropout", "0.3"], ["--ngram-rate", "20"], ["--r-drop", "2"]];
        Assert.Equal(4, options.Select((option, at) => Tuned($"other{at}", ["--keep", "last", .. option])).Append(plain).Distinct().Count());
        Assert.NotEqual(plain, Tuned("average", "--keep", "average"));
    }

    [Theory]
    [InlineData("a run has 2 to", "text", "pretrain", "FILE", "--column", "text", "--vocab", "VOCAB", "--output", "OUT", "--runs", "1")]
    [InlineData("WordDropout", "text", "finetune", "FILE", "--column", "text", "--label", "label", "--model", "x", "--output", "OUT", "--word-dropout", "2")]
    [InlineData("--label COLUMN", "text", "finetune", "FILE", "--column", "text", "--model", "x", "--output", "y")]
    [InlineData("--vocab DIR", "text", "pretrain", "FILE", "--column", "text", "--output", "y")]
    public void What_is_missing_is_asked_for(string said, params string[] arguments)
    {
        var run = CommandRun.Of([.. arguments.Select(a => a switch { "FILE" => Reviews(), "VOCAB" => Vocabulary(), "OUT" => _folder.In("out"), _ => a })]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }
}
