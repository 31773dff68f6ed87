using System.Text.Json;
using System.Text.Json.Nodes;

namespace CustomerValue.ServedModels;

/// <summary>One question about a text.</summary>
/// <param name="Name">Short name, such as sentiment.</param>
/// <param name="About">What is asked, in words, for the model.</param>
/// <param name="Labels">The answers that there are.</param>
/// <param name="Several">Whether any number of labels may be given, none included; else exactly one.</param>
public sealed record LabelQuestion(string Name, string About, IReadOnlyList<string> Labels, bool Several = false);

/// <summary>The questions that texts are labelled by, as a JSON schema that answers must meet.</summary>
public sealed record LabelSchema(IReadOnlyList<LabelQuestion> Questions)
{
    /// <summary>Sentiment, intent, loyalty, and reasons for what was felt.</summary>
    public static LabelSchema Shop { get; } = new(
    [
        new("sentiment", "the writer's feeling about product or shop / 情感", ["negative", "neutral", "positive"]),
        new("intent", "what the writer wants to do / 意图", ["buy", "ask", "return", "complain", "recommend", "none"]),
        new("loyalty", "whether the writer will buy from this shop again / 是否还会再买", ["staying", "leaving", "unclear"]),
        new("reasons", "what the feeling is about / 原因", ["price", "quality", "delivery", "service", "fit", "looks", "other"], Several: true),
    ]);

    /// <summary>The schema's document.</summary>
    public string Json() => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Questions.Select(q => KeyValuePair.Create<string, JsonNode?>(q.Name, Schema(q)))),
        ["required"] = new JsonArray([.. Questions.Select(q => (JsonNode)q.Name)]),
        ["additionalProperties"] = false,
    }.ToJsonString();

    /// <summary>Reads an answer strictly: one object, every question once, known labels only.</summary>
    /// <param name="answer">What the model said.</param>
    /// <param name="labels">By question: its labels; one where the question takes one.</param>
    /// <returns>What is wrong with the answer; null when nothing is.</returns>
    public string? Read(string answer, out IReadOnlyDictionary<string, IReadOnlyList<string>> labels)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        labels = found;
        JsonElement root;
        try
        {
            root = JsonElement.Parse(answer, new() { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            return $"no JSON: {error.Message}";
        }
        if (root.ValueKind != JsonValueKind.Object) return $"{root.ValueKind} where an object is expected";
        foreach (var property in root.EnumerateObject())
            if (Questions.All(q => q.Name != property.Name)) return $"'{property.Name}' was not asked";
        foreach (var question in Questions)
        {
            if (!root.TryGetProperty(question.Name, out var value)) return $"'{question.Name}' is missing";
            if (value.ValueKind != (question.Several ? JsonValueKind.Array : JsonValueKind.String)) return $"'{question.Name}' is {value.ValueKind}";
            JsonElement[] given = question.Several ? [.. value.EnumerateArray()] : [value];
            if (given.FirstOrDefault(g => g.ValueKind != JsonValueKind.String || !question.Labels.Contains(g.GetString()!)) is { ValueKind: not JsonValueKind.Undefined } strange)
                return $"'{question.Name}' has {strange.GetRawText()}, which is none of {string.Join(", ", question.Labels)}";
            found[question.Name] = [.. given.Select(g => g.GetString()!).Distinct().OrderBy(l => question.Labels.ToList().IndexOf(l))];
        }
        return null;
    }

    private static JsonObject Schema(LabelQuestion question)
    {
        var one = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. question.Labels.Select(l => (JsonNode)l)]) };
        return question.Several ? new JsonObject { ["type"] = "array", ["items"] = one, ["description"] = question.About } : new JsonObject(one.DeepClone().AsObject().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))) { ["description"] = question.About };
    }
}
