using System.Text.Json;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class LabelCommandTests : IDisposable
{
    private const string Answer = """{"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{\"sentiment\": \"positive\", \"intent\": \"none\", \"loyalty\": \"staying\", \"reasons\": [\"price\"]}"}}], "id": "1", "object": "chat.completion", "created": 1, "model": "m", "usage": {"prompt_tokens": 200, "completion_tokens": 30, "total_tokens": 230}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Command(string address, params string[] more) =>
        ["text", "label", "--endpoint", address + "/v1", "--served-model", "m", "--input", _folder.Write("reviews.csv", "id,words\n1,\"good, cheap\"\n2,很便宜\n"), "--column", "words", "--output", _folder.In("labels.jsonl"), "--json", .. more];

    [Fact]
    public void Labels_a_column_and_asks_nothing_the_second_time()
    {
        using var server = new StubServer(_ => StubAnswer.Json(200, Answer));
        var run = CommandRun.Of(Command(server.Address));
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Errors));
        Assert.Equal((2, 0, 2, 460), (run.Json.GetProperty("labelled").GetInt32(), run.Json.GetProperty("failed").GetInt32(), run.Json.GetProperty("requests").GetInt32(), run.Json.GetProperty("spent").GetInt32()));
        var lines = File.ReadAllLines(_folder.In("labels.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["good, cheap", "很便宜"], lines.Select(l => l.GetProperty("text").GetString()));
        Assert.Equal(("positive", "price", 1.0), (lines[1].GetProperty("sentiment").GetString(), lines[1].GetProperty("reasons")[0].GetString(), lines[1].GetProperty("agreement").GetProperty("loyalty").GetDouble()));
        var bytes = File.ReadAllBytes(_folder.In("labels.jsonl"));
        Assert.Equal(0, CommandRun.Of(Command(server.Address)).Json.GetProperty("requests").GetInt32());
        Assert.Equal(bytes, File.ReadAllBytes(_folder.In("labels.jsonl")));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void A_budget_that_holds_for_nothing_sends_nothing_and_says_what_is_left()
    {
        using var server = new StubServer(_ => StubAnswer.Json(200, Answer));
        var run = CommandRun.Of(Command(server.Address, "--budget", "10"));
        Assert.Equal((0, 2), (run.ExitCode, run.Json.GetProperty("left").GetInt32()));
        Assert.Contains("wouldn't have held for 2 more", run.Errors, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_service_that_refuses_is_told_with_the_cure()
    {
        using var server = new StubServer(_ => StubAnswer.Json(401, "{}"));
        var run = CommandRun.Of(Command(server.Address));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("It wants a key", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prices", "cheap", "two numbers are expected")]
    [InlineData("--concurrency", "0", "Concurrency must lie between 1 and 256")]
    [InlineData("--timeout", "0", "give seconds")]
    [InlineData("--agreement", "1.5", "a share from 0 to 1")]
    [InlineData("--single-precision", "true", "--single-precision is about a decoder on this machine")]
    public void Wrong_usage_is_told(string option, string value, string says)
    {
        var run = CommandRun.Of(Command("http://127.0.0.1:1", option, value));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
    }

    private string Schema(string questions = """{"name": "sentiment", "about": "the writer's feeling", "labels": ["bad", "good"]}""") => _folder.Write("questions.json", $$"""{"questions": [{{questions}}]}""");

    // Says good of a text with 'good' in it, three samples of which disagree where it has 'maybe'.
    private static StubServer Service()
    {
        var asked = 0;
        return new(request =>
        {
            var text = request.Json!["messages"]![1]!["content"]!.ToJsonString();
            var good = text.Contains("good", StringComparison.Ordinal) || text.Contains("maybe", StringComparison.Ordinal) && Interlocked.Increment(ref asked) % 3 == 0;
            return StubAnswer.Json(200, Answer.Replace("""{\"sentiment\": \"positive\", \"intent\": \"none\", \"loyalty\": \"staying\", \"reasons\": [\"price\"]}""", $$"""{\"sentiment\": \"{{(good ? "good" : "bad")}}\"}""", StringComparison.Ordinal));
        });
    }

    private static string Reviews() => "id,words\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},\"the {(i % 3 == 0 ? "parcel" : "phone")}, number {i}, is {(i % 2 == 0 ? "good" : "bad")}\"\n")) + "60,maybe\n";

    [Theory, InlineData("csv"), InlineData("parquet"), InlineData("tsv")]
    public void What_a_service_says_becomes_a_table_that_an_encoder_learns_from(string kind)
    {
        using var server = Service();
        var (input, labels) = (_folder.Write("reviews.csv", Reviews()), _folder.In($"labels.{kind}"));
        string[] label = ["text", "label", "--endpoint", server.Address + "/v1", "--served-model", "m", "--schema", Schema(), "--input", input, "--column", "words", "--output", labels, "--samples", "3", "--temperature", "1", "--agreement", "0.9", "--json"];
        var run = CommandRun.Of(label);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal((61, 183, 183), (run.Json.GetProperty("texts").GetInt32(), run.Json.GetProperty("labelled").GetInt32(), run.Json.GetProperty("requests").GetInt32()));
        var bytes = File.ReadAllBytes(labels);
        Assert.Equal(183, CommandRun.Of(label).Json.GetProperty("cached").GetInt32());
        Assert.Equal(bytes, File.ReadAllBytes(labels));

        string[] said = [.. CustomerValue.Text.TextColumn.Read(labels, "text", "sentiment").Select(r => r.Group!)];
        Assert.Equal([.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? "good" : "bad"), ""], said);               // of the last, two of three said bad: less than was asked for
        Assert.Equal("the parcel, number 0, is good", CustomerValue.Text.TextColumn.Read(labels, "text").First().Text);
        if (kind == "parquet") Assert.Equal(0.6667, ParquetColumns.Read(labels).Column<double>("sentiment_agreement")[60]);
        if (kind == "tsv") return;

        Directory.CreateDirectory(_folder.In("vocab"));
        _folder.Write("vocab/vocab.txt", string.Join('\n', ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "parcel", "phone", "is", "good", "bad", "number", ","]) + "\n");
        var encoder = CommandRun.Logging(_folder.In("mlflow.db"), "text", "pretrain", labels, "--column", "text", "--vocab", _folder.In("vocab"), "--output", _folder.In("encoder"), "--layers", "1", "--hidden", "32", "--heads", "2", "--epochs", "1",
            "--held-out", "0", "--dtype", "bfloat16", "--shard-size", "4KB", "--json");
        Assert.True(encoder.ExitCode == 0, encoder.Errors);
        using (var weights = CustomerValue.Text.Weights.WeightFolder.Open(_folder.In("encoder")))
        {
            Assert.True(weights.Files.Count > 3);
            Assert.All(weights.Weights, w => Assert.Equal(CustomerValue.Text.Weights.WeightType.BFloat16, w.Type));
        }
        var tuned = CommandRun.Logging(_folder.In("mlflow.db"), "text", "finetune", labels, "--column", "text", "--label", "sentiment", "--model", _folder.In("encoder"), "--output", _folder.In("tuned"), "--epochs", "30", "--batch-tokens", "128", "--rate", "3e-3",
            "--dtype", "float16", "--json");
        Assert.True(tuned.ExitCode == 0, tuned.Errors);
        Assert.InRange(tuned.Json.GetProperty("figures").GetProperty("sentiment_accuracy").GetDouble(), 0.95, 1);
        using (var weights = CustomerValue.Text.Weights.WeightFolder.Open(_folder.In("tuned"))) Assert.All(weights.Weights, w => Assert.Equal(CustomerValue.Text.Weights.WeightType.Float16, w.Type));
        Assert.Equal("bad", CommandRun.Of("text", "classify", "--model", _folder.In("tuned"), "--text", "the phone, number 7, is bad", "--json").Json.GetProperty("answers")[0].GetProperty("label").GetString());
    }

    // The tiny models know nothing: two of them say several things of these texts, which is something to learn, and one says the same of all.
    [Theory, InlineData("llama-tiny-random", true), InlineData("qwen2-tiny-random", true), InlineData("qwen3-tiny-random", false)]
    public void A_decoder_on_this_machine_labels_by_the_schema_goes_on_and_teaches(string name, bool teaches)
    {
        var (model, labels) = (RealModels.Need(name), _folder.In("labels.csv"));
        var input = _folder.Write("reviews.csv", Reviews());
        string[] label = ["text", "label", "--model", model, "--schema", Schema("""{"name": "sentiment", "about": "the writer's feeling", "labels": ["1", "2", "3", "4", "5"]}"""), "--input", input, "--column", "words", "--output", labels, "--json"];
        var first = CommandRun.Of(label);
        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal((61, 61, 0, 0), (first.Json.GetProperty("texts").GetInt32(), first.Json.GetProperty("labelled").GetInt32(), first.Json.GetProperty("cached").GetInt32(), first.Json.GetProperty("requests").GetInt32()));
        Assert.Equal("text,sentiment,sentiment_agreement,failed", File.ReadLines(labels).First());
        string[] said = [.. CustomerValue.Text.TextColumn.Read(labels, "text", "sentiment").Select(r => r.Group!)], sure = [.. CustomerValue.Text.TextColumn.Read(labels, "text", "sentiment_agreement").Select(r => r.Group!)];
        Assert.All(said, s => Assert.Contains(s, new[] { "1", "2", "3", "4", "5" }));
        Assert.All(sure, s => Assert.InRange(double.Parse(s, System.Globalization.CultureInfo.InvariantCulture), 0.2, 1));

        var bytes = File.ReadAllBytes(labels);
        File.Delete(Directory.EnumerateFiles(labels + ".answers", "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First());
        Assert.Equal(60, CommandRun.Of(label).Json.GetProperty("cached").GetInt32());
        Assert.Equal(bytes, File.ReadAllBytes(labels));

        Assert.Equal(teaches, said.Distinct().Count() > 1);
        if (!teaches) return;
        var tuned = CommandRun.Logging(_folder.In("mlflow.db"), "text", "finetune", labels, "--column", "text", "--label", "sentiment", "--model", model, "--output", _folder.In("tuned"), "--steps", "3", "--lora", "2", "--json");
        Assert.True(tuned.ExitCode == 0, tuned.Errors);
        Assert.Equal(60, tuned.Json.GetProperty("train").GetInt32() + tuned.Json.GetProperty("dev").GetInt32() - 1);
    }

    [Fact]
    public void A_decoder_on_this_machine_gives_several_labels_where_they_are_asked_for()
    {
        var labels = _folder.In("labels.jsonl");
        string[] label = ["text", "label", "--model", RealModels.Need("qwen2-tiny-random"), "--schema", Schema("""{"name": "why", "labels": ["a", "b", "c"], "several": true}, {"name": "mood", "labels": ["1", "2"]}"""),
            "--input", _folder.Write("reviews.csv", Reviews()), "--column", "words", "--output", labels, "--json"];
        var run = CommandRun.Of(label);
        Assert.True(run.ExitCode == 0, run.Errors);
        var given = File.ReadLines(labels).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(61, given.Length);
        Assert.All(given, line => Assert.Subset(new HashSet<string?> { "a", "b", "c" }, line.GetProperty("why").EnumerateArray().Select(r => r.GetString()).ToHashSet()));
        Assert.True(given.Select(line => line.GetProperty("why").GetRawText()).Distinct().Count() > 1);
        Assert.All(given, line => Assert.Equal(["mood"], line.GetProperty("agreement").EnumerateObject().Select(q => q.Name)));
        var bytes = File.ReadAllBytes(labels);
        Assert.Equal(61, CommandRun.Of(label).Json.GetProperty("cached").GetInt32());
        Assert.Equal(bytes, File.ReadAllBytes(labels));
    }

    [Fact]
    public void Texts_that_are_too_long_for_a_decoder_fail_with_the_reason_and_the_others_do_not()
    {
        var input = _folder.Write("reviews.txt", "fine\n" + new string('x', 3000) + "\n");
        var run = CommandRun.Of("text", "label", "--model", RealModels.Need("qwen2-tiny-random"), "--schema", Schema(), "--input", input, "--output", _folder.In("labels.jsonl"), "--json");
        Assert.Equal((1, 1, 1), (run.ExitCode, run.Json.GetProperty("labelled").GetInt32(), run.Json.GetProperty("failed").GetInt32()));
        var lines = File.ReadAllLines(_folder.In("labels.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Contains("positions", lines[1].GetProperty("failed").GetString(), StringComparison.Ordinal);
        Assert.False(lines[1].TryGetProperty("sentiment", out _));
        Assert.InRange(lines[0].GetProperty("agreement").GetProperty("sentiment").GetDouble(), 0.5, 1);
    }

    [Theory]
    [InlineData("""{"name": "a", "labels": ["x"]}""", "question 1: it has 1 labels")]
    [InlineData("""{"name": "text", "labels": ["x", "y"]}""", "'text' is a column of its own")]
    [InlineData("""{"name": "a", "labels": ["x", "y"]}, {"name": "a", "labels": ["x", "y"]}""", "two questions are called 'a'")]
    [InlineData("""{"name": "a", "labels": ["x", "y"], "many": true}""", "'many' isn't known")]
    [InlineData("", "no list 'questions'")]
    [InlineData("{", "no proper JSON")]
    public void A_schema_that_is_none_is_told_with_its_file(string questions, string told)
    {
        var run = CommandRun.Of("text", "label", "--model", "nowhere", "--schema", Schema(questions), "--input", _folder.Write("a.txt", "a\n"), "--output", _folder.In("b.csv"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("questions.json", run.Errors, StringComparison.Ordinal);
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Say who labels", "--output", "b.csv")]
    [InlineData("--budget is about a service", "--output", "b.csv", "--model", "m", "--budget", "5")]
    [InlineData("say which model is asked there", "--output", "b.csv", "--endpoint", "http://localhost:1/v1")]
    [InlineData("ends in .csv, .tsv, .parquet or .jsonl", "--output", "b.xlsx", "--model", "m")]
    public void Who_labels_and_where_to_is_asked_for(string told, params string[] arguments)
    {
        var run = CommandRun.Of(["text", "label", "--input", _folder.Write("a.txt", "a\n"), .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
    }
}
