using System.Text.Json;

namespace CustomerValue.Torch.Weights;

/// <summary>A config.json: values by name, with errors that name file and value.</summary>
internal sealed class ConfigFile : IDisposable
{
    private readonly string _path;
    private readonly JsonDocument _json;

    private ConfigFile(string path, JsonDocument json) => (_path, _json) = (path, json);

    /// <summary>Opens a model's configuration.</summary>
    /// <param name="path">The file.</param>
    /// <param name="types">Values of model_type that are expected; none for any.</param>
    /// <exception cref="InvalidDataException">There is no such file, it is no JSON object, or another model's.</exception>
    internal static ConfigFile Open(string path, params string[] types)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"There is no {Path.GetFileName(path)} in {Path.GetDirectoryName(Path.GetFullPath(path))}. Give a folder that holds a model as Hugging Face lays it out.");
        if (new FileInfo(path).Length > 10_000_000) throw new InvalidDataException($"{path} is larger than 10 MB, which no configuration is.");
        try
        {
            var config = new ConfigFile(path, JsonDocument.Parse(File.ReadAllBytes(path)));
            if (config._json.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{path} is a JSON {config._json.RootElement.ValueKind}; an object is expected.");
            if (types.Length > 0 && config.Text("model_type", "missing") is var type && !types.Contains(type)) throw config.Refused("model_type", type, string.Join(" or ", types));
            return config;
        }
        catch (JsonException error) { throw new InvalidDataException($"{path} is no proper JSON: {error.Message}", error); }
    }

    internal bool Has(string name) => Find(name) is not null;

    internal int Number(string name, int? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw Refused(name, "missing", "a whole number"),
        { ValueKind: JsonValueKind.Number } v when v.TryGetInt32(out var number) => number,
        { } v => throw Refused(name, v.GetRawText(), "a whole number"),
    };

    internal double Real(string name, double? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw Refused(name, "missing", "a number"),
        { ValueKind: JsonValueKind.Number } v when v.TryGetDouble(out var number) && double.IsFinite(number) => number,
        { } v => throw Refused(name, v.GetRawText(), "a number"),
    };

    internal bool Flag(string name, bool otherwise) => Find(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } v => v.GetBoolean(),
        { } v => throw Refused(name, v.GetRawText(), "true or false"),
    };

    internal string Text(string name, string? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw Refused(name, "missing", "a text"),
        { ValueKind: JsonValueKind.String } v => v.GetString()!,
        { } v => throw Refused(name, v.GetRawText(), "a text"),
    };

    /// <summary>One id or a list of them; empty where there is none.</summary>
    internal IReadOnlyList<int> Ids(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Number && i.TryGetInt32(out _)) => [.. list.EnumerateArray().Select(i => i.GetInt32())],
        _ => [Number(name)],
    };

    internal static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<int> ids)
    {
        if (ids.Count == 1) json.WriteNumber(name, ids[0]);
        if (ids.Count < 2) return;
        json.WriteStartArray(name);
        foreach (var id in ids) json.WriteNumberValue(id);
        json.WriteEndArray();
    }

    /// <summary>Refuses a model that needs what isn't built here.</summary>
    internal void RefuseFlag(string name, bool expected)
    {
        if (Flag(name, expected) != expected) throw Refused(name, expected ? "false" : "true", expected ? "true" : "false; what it asks for isn't built here");
    }

    internal void RefuseQuantised()
    {
        if (Find("quantization_config") is { } found) throw Refused("quantization_config", found.GetRawText(), "none: weights in fp32, fp16 or bf16");
    }

    /// <summary>A value of any kind; null where it is missing or null.</summary>
    internal JsonElement? Find(string name) => _json.RootElement.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Makes an options record, whose own checks then name this file.</summary>
    internal T Checked<T>(Func<T> make)
    {
        try { return make(); }
        catch (ArgumentException error) { throw new InvalidDataException($"{_path}: {error.Message}", error); }
    }

    internal InvalidDataException Refused(string name, string found, string expected) => new($"{_path}: {name} is {(found.Length > 200 ? found[..200] + "..." : found)}; expected {expected}.");

    /// <summary>Writes a configuration; it appears when it is complete.</summary>
    internal static void Write(string path, Action<Utf8JsonWriter> body)
    {
        var temporary = path + ".part";
        using (var stream = File.Create(temporary))
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }
        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose() => _json.Dispose();
}
