using System.Text.Json;

namespace CustomerValue.Text.Tokenizers;

/// <summary>A place in a JSON file that knows its way there, so that what is wrong can be told: which file, which field, what was expected.</summary>
internal readonly record struct JsonField(string File, string Path, JsonElement Element)
{
    /// <summary>A JSON file's root, an object.</summary>
    /// <exception cref="InvalidDataException">It isn't JSON, or no object.</exception>
    public static JsonField Open(string path)
    {
        var text = VocabularyFile.ReadText(path);
        try
        {
            var root = JsonDocument.Parse(text).RootElement;
            return root.ValueKind == JsonValueKind.Object ? new(path, "", root)
                : throw new InvalidDataException($"{path} holds {Named(root.ValueKind)}, and an object is expected.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} isn't JSON that can be read: line {error.LineNumber + 1}, byte {error.BytePositionInLine}. It may have been cut off; fetch it again.", error);
        }
    }

    /// <summary>Whether nothing stands here: absent, or null.</summary>
    public bool IsNothing => Element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsList => Element.ValueKind == JsonValueKind.Array;

    /// <summary>A field of this object; nothing where it isn't there.</summary>
    public JsonField this[string name]
    {
        get
        {
            if (IsNothing) return new(File, At(name), default);
            if (!IsObject) throw Wrong("an object");
            return new(File, At(name), Element.TryGetProperty(name, out var value) ? value : default);
        }
    }

    public string Text => IsText ? Element.GetString()! : throw Wrong("a text");

    public int Id => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var id) && id is >= 0 and < 8_000_000 ? id : throw Wrong("an id, a whole number from 0 to 7,999,999");

    public bool Truth(bool whenAbsent) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsNothing ? whenAbsent : throw Wrong("true or false"),
    };

    public string? TextOrNothing => IsNothing ? null : Text;

    /// <summary>The entries of a list; none where nothing stands.</summary>
    public IEnumerable<JsonField> Entries()
    {
        if (IsNothing) yield break;
        if (!IsList) throw Wrong("a list");
        var at = 0;
        foreach (var entry in Element.EnumerateArray()) yield return new(File, $"{Path}[{at++}]", entry);
    }

    /// <summary>The fields of an object; none where nothing stands.</summary>
    public IEnumerable<(string Name, JsonField Value)> Fields()
    {
        if (IsNothing) yield break;
        if (!IsObject) throw Wrong("an object");
        foreach (var field in Element.EnumerateObject()) yield return (field.Name, new(File, At(field.Name), field.Value));
    }

    /// <summary>What to throw where something else was expected.</summary>
    public InvalidDataException Wrong(string expected) => new($"{File}: '{(Path.Length == 0 ? "." : Path)}' is {Found()}, and {expected} is expected.");

    private string Found()
    {
        var raw = IsNothing ? "" : Element.GetRawText();
        return Element.ValueKind switch
        {
            JsonValueKind.Undefined => "absent",
            JsonValueKind.Null => "null",
            JsonValueKind.Object or JsonValueKind.Array => Named(Element.ValueKind),
            _ => raw.Length <= 60 ? raw : raw[..60] + "…",
        };
    }

    private string At(string name) => string.IsNullOrEmpty(Path) ? name : $"{Path}.{name}";

    private static string Named(JsonValueKind kind) => kind switch { JsonValueKind.Object => "an object", JsonValueKind.Array => "a list", _ => $"a {kind.ToString().ToLowerInvariant()}" };
}
