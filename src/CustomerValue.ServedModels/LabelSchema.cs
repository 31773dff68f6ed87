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

    /// <summary>Reads questions from a JSON file: {"questions": [{"name": "sentiment", "about": "the writer's feeling", "labels": ["bad", "good"], "several": false}]}; about and several may be left out.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It isn't that; the message names the question.</exception>
    public static LabelSchema Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}. A schema is such as {Example}", path);
        JsonElement root;
        try { root = JsonElement.Parse(File.ReadAllBytes(path), new() { AllowDuplicateProperties = false }); }
        catch (JsonException error) { throw new InvalidDataException($"{path} is no proper JSON: {error.Message}", error); }
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("questions", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new InvalidDataException($"{path}: there is no list 'questions'. A schema is such as {Example}");
        LabelQuestion[] questions = [.. list.EnumerateArray().Select((question, at) => Question(path, at + 1, question))];
        var twice = questions.GroupBy(q => q.Name).FirstOrDefault(g => g.Skip(1).Any());
        return twice is null ? new(questions) : throw new InvalidDataException($"{path}: two questions are called '{twice.Key}'. Each needs a name of its own.");
    }

    private const string Example = """{"questions": [{"name": "sentiment", "about": "the writer's feeling", "labels": ["bad", "good"]}]}.""";

    private static LabelQuestion Question(string path, int number, JsonElement question)
    {
        InvalidDataException Wrong(string problem) => new($"{path}, question {number}: {problem}. A schema is such as {Example}");
        if (question.ValueKind != JsonValueKind.Object) throw Wrong($"it is {question.ValueKind} where an object is expected");
        string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        foreach (var field in question.EnumerateObject())
            if (field.Name is not ("name" or "about" or "labels" or "several")) throw Wrong($"'{field.Name}' isn't known; known are name, about, labels and several");
        var name = question.TryGetProperty("name", out var named) && Text(named) is { } given ? given : throw Wrong("it has no 'name', a text");
        if (name is "text" or "failed" or "agreement" || name.EndsWith("_agreement", StringComparison.Ordinal)) throw Wrong($"'{name}' is a column of its own in what is written; give the question another name");
        var about = !question.TryGetProperty("about", out var told) ? "" : Text(told) ?? throw Wrong("'about' is no text");
        var labels = question.TryGetProperty("labels", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(l => Text(l) ?? throw Wrong("a label is no text")).ToArray() : throw Wrong("it has no list 'labels'");
        if (labels.Length < 2 || labels.Distinct().Count() < labels.Length) throw Wrong($"it has {labels.Length} labels; two or more are needed, each once");
        var several = question.TryGetProperty("several", out var many) && many.ValueKind is JsonValueKind.True or JsonValueKind.False ? many.GetBoolean() : !question.TryGetProperty("several", out _) ? false : throw Wrong("'several' is neither true nor false");
        return new(name, about, labels, several);
    }

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
