using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>A recorded request with its recorded answer. What the recording cut, and says so, is made whole again.</summary>
internal sealed partial class Exchange(string server, JsonNode node)
{
    private readonly JsonNode _request = Whole(node["request"]!)!, _response = Whole(node["response"]!)!;

    public string Name { get; } = $"{server}: {node["name"]}";

    public string Method => (string)_request["method"]!;

    public string Target => (string)_request["path"]!;

    public string Path => Target.Split('?')[0];

    public JsonNode? Json => _request["json"];

    public byte[]? Body => Json is null ? Bytes(_request) : Encoding.UTF8.GetBytes(Json.ToJsonString());

    public IReadOnlyDictionary<string, string> Headers { get; } = node["request"]!["headers"]!.AsObject().ToDictionary(h => h.Key, h => (string)h.Value!);

    public string? ContentType => Headers.GetValueOrDefault("Content-Type");

    public int Status => (int)_response["status"]!;

    public JsonNode? AnswerJson => _response["json"];

    public byte[] AnswerBody => AnswerJson is null ? Bytes(_response) ?? [] : Encoding.UTF8.GetBytes(AnswerJson.ToJsonString());

    public StubAnswer Answer
    {
        get
        {
            var headers = _response["headers"]!.AsObject().ToDictionary(h => h.Key, h => (string)h.Value!);
            return new(Status, headers.GetValueOrDefault("content-type"), AnswerBody) { Headers = headers.Where(h => h.Key is not ("content-type" or "content-length")).ToDictionary() };
        }
    }

    public IReadOnlyDictionary<string, string> Query => !Target.Contains('?') ? new Dictionary<string, string>()
        : Target[(Target.IndexOf('?') + 1)..].Split('&').Select(p => p.Split('=', 2)).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => Uri.UnescapeDataString(g.First()[1]));

    private static byte[]? Bytes(JsonNode part) =>
        part["body_base64"] is { } coded ? Zeros().Match((string)coded!) is { Success: true } zeros ? new byte[int.Parse(zeros.Groups[1].Value, CultureInfo.InvariantCulture)] : Convert.FromBase64String((string)coded!)
        : part["text"] is { } text ? Encoding.UTF8.GetBytes((string)text!) : null;

    private static JsonNode? Whole(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                return new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Whole(p.Value))));
            case JsonArray list:
                var entries = list.Select(Whole).ToList();
                if (entries.Count > 0 && entries[^1] is JsonValue last && last.TryGetValue<string>(out var mark) && Entries().Match(mark) is { Success: true } cut)
                {
                    entries.RemoveAt(entries.Count - 1);
                    var all = int.Parse(cut.Groups[1].Value, CultureInfo.InvariantCulture);
                    while (entries.Count < all) entries.Add(entries[^1]!.DeepClone());
                }
                return new JsonArray([.. entries]);
            case JsonValue value when value.TryGetValue<string>(out var text) && Characters().Match(text) is { Success: true } shortened:
                return JsonValue.Create(text[..shortened.Index].PadRight(int.Parse(shortened.Groups[1].Value, CultureInfo.InvariantCulture), text[shortened.Index - 1]));
            default:
                return node?.DeepClone();
        }
    }

    [GeneratedRegex(@"^\.\.\.<(\d+) entries in all>$")]
    private static partial Regex Entries();

    [GeneratedRegex(@"\.\.\.<(\d+) characters in all>$")]
    private static partial Regex Characters();

    [GeneratedRegex(@"^\.\.\.<(\d+) zero bytes>$")]
    private static partial Regex Zeros();
}
