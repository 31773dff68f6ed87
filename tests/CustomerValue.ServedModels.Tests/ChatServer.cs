using System.Text.Json;
using System.Text.Json.Nodes;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>A clock whose waits are over at once; it remembers how long they should have been.</summary>
internal sealed class QuickClock : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    public IReadOnlyList<TimeSpan> Waits { get { lock (_waits) return [.. _waits]; } }

    public override DateTimeOffset GetUtcNow() => new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero) lock (_waits) _waits.Add(dueTime);
        return System.CreateTimer(callback, state, dueTime < TimeSpan.Zero ? dueTime : TimeSpan.Zero, period);
    }
}

/// <summary>What a chat-completions service says.</summary>
internal static class ChatServer
{
    public const string Good = """{"sentiment": "negative", "intent": "return", "loyalty": "leaving", "reasons": ["delivery", "quality"]}""";

    public static StubAnswer Says(string content, int tokensIn = 300, int tokensOut = 40) => StubAnswer.Json(200, new JsonObject
    {
        ["id"] = "1", ["object"] = "chat.completion", ["created"] = 1_700_000_000, ["model"] = "m",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["finish_reason"] = "stop", ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content } }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokensIn, ["completion_tokens"] = tokensOut, ["total_tokens"] = tokensIn + tokensOut },
    }.ToJsonString());

    /// <summary>The customer's words in a request.</summary>
    public static string TextOf(StubRequest request) => JsonDocument.Parse(request.Json!["messages"]![1]!["content"] is JsonValue v ? v.GetValue<string>() : request.Json["messages"]![1]!["content"]![0]!["text"]!.GetValue<string>()).RootElement.GetProperty("text").GetString()!;
}
