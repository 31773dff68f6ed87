using System.Text.Json;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands;

public sealed class LabelCommandTests : IDisposable
{
    private const string Answer = """{"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{\"sentiment\": \"positive\", \"intent\": \"none\", \"loyalty\": \"staying\", \"reasons\": [\"price\"]}"}}], "id": "1", "object": "chat.completion", "created": 1, "model": "m", "usage": {"prompt_tokens": 200, "completion_tokens": 30, "total_tokens": 230}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Command(string address, params string[] more) =>
        ["text", "label", "--endpoint", address + "/v1", "--model", "m", "--input", _folder.Write("reviews.csv", "id,words\n1,\"good, cheap\"\n2,很便宜\n"), "--column", "words", "--output", _folder.In("labels.jsonl"), "--json", .. more];

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
    public void Wrong_usage_is_told(string option, string value, string says)
    {
        var run = CommandRun.Of(Command("http://127.0.0.1:1", option, value));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
    }
}
