using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustomerValue.Text;

/// <summary>heads.json of a fine-tuned text model: which questions its heads answer, and what they see of a text.</summary>
public static class TextHeadsFile
{
    /// <summary>The file's name in a model's folder.</summary>
    public const string Name = "heads.json";

    /// <summary>The file, beside it, with the heads' weights: NAME.weight [K, H] and NAME.bias [K];
    /// NAME.weight [1, H], NAME.bias [1] and NAME.thresholds [K - 1] where a head is ordinal; K is 1 for regression.</summary>
    public const string Weights = "heads.safetensors";

    private const int Format = 1;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes the file into a model's folder, in one move: it is complete or as it was.</summary>
    /// <exception cref="ArgumentException">The heads can't be what a model answers; the message says why.</exception>
    public static void Write(string folder, TextHeads heads)
    {
        if (Fault(heads) is { } fault) throw new ArgumentException(fault, nameof(heads));
        var path = Path.Combine(folder, Name);
        File.WriteAllBytes(path + ".part", [.. JsonSerializer.SerializeToUtf8Bytes(new Document(Format, heads.Pooling, heads.MaxTokens, heads.Heads), s_json), (byte)'\n']);
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>Reads the file of a model's folder.</summary>
    /// <exception cref="FileNotFoundException">The folder has none: no heads were trained.</exception>
    /// <exception cref="InvalidDataException">The file isn't what <see cref="Write"/> writes; the message says where and what is expected.</exception>
    public static TextHeads Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder} has no {Name}, so it holds a model without heads. Fine-tune it first: customervalue text finetune --help", path);
        var document = Parse(path);
        if (document.Format != Format)
            throw new InvalidDataException($"{path} has format {document.Format}; this program reads format {Format}. Use the program that wrote it, or a newer one.");
        var heads = new TextHeads(document.Pooling, document.MaxTokens, document.Heads);
        return Fault(heads) is { } fault ? throw new InvalidDataException($"{path}: {fault}") : heads;
    }

    private static Document Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Document>(File.ReadAllBytes(path), s_json) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} isn't a list of heads: {error.Message} Expected are format, pooling, maxTokens and heads, each with name, kind and labels.", error);
        }
    }

    /// <summary>What keeps heads from being a model's; null where nothing does.</summary>
    public static string? Fault(TextHeads heads)
    {
        if (heads.MaxTokens is < 1 or > 1_000_000) return $"maxTokens is {heads.MaxTokens}; expected is 1 to 1,000,000.";
        if (heads.Heads.Count == 0) return "there are no heads; expected is at least one.";
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var head in heads.Heads)
        {
            if (head is null) return "a head is null.";
            if (!Plain(head.Name)) return $"a head is called '{head.Name}'; expected are 1 to 64 letters, digits, '-' or '_'.";
            if (!names.Add(head.Name)) return $"two heads are called '{head.Name}'; names must differ.";
            if (head.Labels.Any(string.IsNullOrWhiteSpace) || head.Labels.Distinct(StringComparer.Ordinal).Count() < head.Labels.Count)
                return $"the labels of '{head.Name}' must differ, and none may be blank.";
            if (head.Kind == HeadKind.Regression ? head.Labels.Count > 0 : head.Labels.Count < 2)
                return $"'{head.Name}' has {head.Labels.Count} labels; expected are {(head.Kind == HeadKind.Regression ? "none, since it answers a number" : "two or more")}.";
            if (!double.IsFinite(head.Mean) || !(head.Scale > 0 && double.IsFinite(head.Scale)))
                return $"'{head.Name}' has mean {head.Mean} and scale {head.Scale}; expected are finite numbers, the scale above 0.";
        }
        return null;
    }

    private static bool Plain(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private sealed record Document(int Format, Pooling Pooling, int MaxTokens, IReadOnlyList<TextHead> Heads);
}
