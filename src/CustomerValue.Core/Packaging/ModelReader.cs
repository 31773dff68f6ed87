using System.Text.Json;
using CustomerValue.Models;

namespace CustomerValue.Packaging;

/// <summary>Hands out one model's parameters, each checked; what no one asked for is refused at the end.</summary>
public sealed class ModelReader
{
    private const int LongestList = 1_000_000;

    private readonly ModelSource _source;
    private readonly JsonElement _parameters;
    private readonly string _where;
    private readonly int _depth;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    internal ModelReader(ModelSource source, JsonElement parameters, string where, int depth) =>
        (_source, _parameters, _where, _depth) = (source, parameters, where, depth);

    /// <summary>A finite number within bounds.</summary>
    /// <exception cref="PackageException">It is missing, no number, or out of bounds.</exception>
    public double Number(string name, double low = double.MinValue, double high = double.MaxValue) => Number(Asked(name), name, low, high);

    /// <summary>A whole number within bounds.</summary>
    /// <inheritdoc cref="Number(string, double, double)"/>
    public int Whole(string name, int low, int high) => Asked(name) is { ValueKind: JsonValueKind.Number } element && element.TryGetInt32(out var value) && value >= low && value <= high
        ? value : throw Wrong(name, $"a whole number from {low} to {high}");

    /// <summary>Finite numbers within bounds.</summary>
    /// <inheritdoc cref="Number(string, double, double)"/>
    public double[] Numbers(string name, double low = double.MinValue, double high = double.MaxValue) => [.. List(name).Select(e => Number(e, name, low, high))];

    /// <summary>A word or sentence; null where there is none.</summary>
    /// <exception cref="PackageException">It is missing or something else.</exception>
    public string? TextOrNull(string name) => Asked(name) is { ValueKind: JsonValueKind.Null } ? null : Text(name);

    /// <summary>A word or sentence.</summary>
    /// <exception cref="PackageException">It is missing or something else.</exception>
    public string Text(string name) => Asked(name) is { ValueKind: JsonValueKind.String } element ? Value(element, name) : throw Wrong(name, "a text");

    /// <summary>Words in order.</summary>
    /// <exception cref="PackageException">They are missing or something else.</exception>
    public string[] Texts(string name) => [.. List(name).Select(e => e.ValueKind == JsonValueKind.String ? Value(e, name) : throw Wrong(name, "texts"))];

    /// <summary>Yes or no.</summary>
    /// <exception cref="PackageException">It is missing or something else.</exception>
    public bool Flag(string name) => Asked(name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Wrong(name, "true or false") };

    /// <summary>A model inside this one.</summary>
    /// <exception cref="PackageException">It is missing or something else.</exception>
    public T Model<T>(string name) where T : class => _source.Read<T>(Asked(name), $"{_where}, {name}", _depth + 1);

    /// <summary>A model inside this one; null where there is none.</summary>
    /// <exception cref="PackageException">It is missing or something else.</exception>
    public T? ModelOrNull<T>(string name) where T : class => Asked(name).ValueKind == JsonValueKind.Null ? null : Model<T>(name);

    /// <summary>Models inside this one, in order.</summary>
    /// <exception cref="PackageException">They are missing or something else.</exception>
    public T[] Models<T>(string name) where T : class => [.. List(name).Select((e, i) => _source.Read<T>(e, $"{_where}, {name}[{i}]", _depth + 1))];

    /// <summary>Records of the model's own, in order.</summary>
    /// <exception cref="PackageException">They are missing or something else.</exception>
    public T[] Each<T>(string name, Func<ModelReader, T> read) => [.. List(name).Select((element, i) =>
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong(name, "records");
        var reader = new ModelReader(_source, element, $"{_where}, {name}[{i}]", _depth + 1);
        var item = read(reader);
        reader.RequireAllAsked();
        return item;
    })];

    /// <summary>The content of the file that a parameter names.</summary>
    /// <exception cref="PackageException">It is missing, isn't UTF-8, or another parameter names it too.</exception>
    public string File(string name) => _source.File(Text(name), _where);

    /// <summary>The bytes of the file that a parameter names; read, don't write.</summary>
    /// <exception cref="PackageException">It is missing, or another parameter names it too.</exception>
    public byte[] Bytes(string name) => _source.Bytes(Text(name), _where);

    internal void RequireAllAsked()
    {
        foreach (var property in _parameters.EnumerateObject())
            if (property.Name is not (ModelWriter.Kind or ModelWriter.Version) && !_asked.Contains(property.Name))
                throw new PackageException($"{_where} has '{property.Name}', which belongs to no such model. {PackageException.Damaged}");
    }

    private JsonElement Asked(string name)
    {
        _asked.Add(name);
        return _parameters.TryGetProperty(name, out var element) ? element : throw new PackageException($"{_where} lacks '{name}'. {PackageException.Damaged}");
    }

    private IEnumerable<JsonElement> List(string name)
    {
        var list = Asked(name);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > LongestList) throw Wrong(name, $"a list of at most {LongestList} elements");
        return list.EnumerateArray();
    }

    private double Number(JsonElement element, string name, double low, double high) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value) && value >= low && value <= high
            ? value : throw Wrong(name, low == double.MinValue && high == double.MaxValue ? "a finite number" : FormattableString.Invariant($"a number from {low:G6} to {high:G6}"));

    // A lone surrogate is escaped JSON, but no text.
    private string Value(JsonElement element, string name)
    {
        try { return element.GetString()!; }
        catch (InvalidOperationException) { throw Wrong(name, "a text"); }
    }

    private PackageException Wrong(string name, string expected)
    {
        var found = _parameters.TryGetProperty(name, out var element) ? element.GetRawText() : "nothing";
        return new($"{_where}: '{name}' is {(found.Length > 60 ? found[..60] + "…" : found)}, where {expected} is expected. {PackageException.Damaged}");
    }
}

/// <summary>Where models are read from.</summary>
internal sealed class ModelSource(ModelCodecs codecs, PackageFiles all, SharedModels? shared)
{
    // A blend of trees that start from a blend is three deep.
    private const int Deepest = 12;

    public HashSet<string> Taken { get; } = new(StringComparer.Ordinal);

    /// <summary>Models read so far that hold what must be given back if the rest can't be read.</summary>
    public List<IDisposable> Held { get; } = [];

    public T Read<T>(JsonElement element, string where, int depth) where T : class
    {
        if (depth > Deepest) throw new PackageException($"{where}: models stand more than {Deepest} deep in one another. {PackageException.Damaged}");
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty(ModelWriter.Kind, out var kind) || kind.ValueKind != JsonValueKind.String
            || !element.TryGetProperty(ModelWriter.Version, out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number))
            throw new PackageException($"{where} is no model: a record with '{ModelWriter.Kind}' and '{ModelWriter.Version}' is expected. {PackageException.Damaged}");
        var reader = new ModelReader(this, element, where, depth);
        object model;
        var files = Taken.Count;
        try
        {
            model = codecs.Codec(reader.Text(ModelWriter.Kind), number, where).Read(reader);
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new PackageException($"{where} holds parameters that no such model can have: {error.Message} {PackageException.Damaged}", error);
        }
        if (model is IDisposable held) Held.Add(held);
        reader.RequireAllAsked();
        if (shared is not null && depth > 0 && Taken.Count == files && model is IFittedCandidate fitted) model = shared.Once(JsonSerializer.Serialize(element), fitted);
        return model as T ?? throw new PackageException($"{where} is a '{reader.Text(ModelWriter.Kind)}', which can't stand there. {PackageException.Damaged}");
    }

    public string File(string path, string where) => all.Text(Mine(path, where));

    public byte[] Bytes(string path, string where) => all[Mine(path, where)];

    private string Mine(string path, string where) =>
        Taken.Add(path) ? path : throw new PackageException($"{where} names {path}, which another model names too. {PackageException.Damaged}");
}
