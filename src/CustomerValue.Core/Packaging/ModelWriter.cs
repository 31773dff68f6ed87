using System.Text.Json.Nodes;

namespace CustomerValue.Packaging;

/// <summary>Takes one model's parameters. Numbers are written so that reading gives the same bits.</summary>
public sealed class ModelWriter
{
    internal const string Kind = "kind", Version = "version";

    private readonly ModelCodecs _codecs;
    private readonly PackageFiles _files;
    private readonly string _place;

    internal ModelWriter(ModelCodecs codecs, PackageFiles files, string place, IModelCodec? codec)
    {
        (_codecs, _files, _place) = (codecs, files, place);
        if (codec is not null) Parameters = new() { [Kind] = codec.Kind, [Version] = codec.Version };
    }

    internal JsonObject Parameters { get; } = [];

    /// <summary>A number.</summary>
    /// <exception cref="InvalidOperationException">It isn't finite.</exception>
    public void Number(string name, double value) => Parameters.Add(name, Finite(name, value));

    /// <summary>A whole number.</summary>
    public void Whole(string name, int value) => Parameters.Add(name, value);

    /// <summary>Numbers in order.</summary>
    /// <exception cref="InvalidOperationException">One isn't finite.</exception>
    public void Numbers(string name, IEnumerable<double> values) => Parameters.Add(name, new JsonArray([.. values.Select(v => JsonValue.Create(Finite(name, v)))]));

    /// <summary>A word or sentence; null where there is none.</summary>
    public void Text(string name, string? value) => Parameters.Add(name, value);

    /// <summary>Words in order.</summary>
    public void Texts(string name, IEnumerable<string> values) => Parameters.Add(name, new JsonArray([.. values.Select(v => JsonValue.Create(v))]));

    /// <summary>Yes or no.</summary>
    public void Flag(string name, bool value) => Parameters.Add(name, value);

    /// <summary>A model inside this one; null where there is none.</summary>
    public void Model(string name, object? model) => Parameters.Add(name, model is null ? null : _codecs.Node(model, _files, Inside(name)));

    /// <summary>Models inside this one, in order.</summary>
    public void Models(string name, IEnumerable<object> models) =>
        Parameters.Add(name, new JsonArray([.. models.Select((model, i) => _codecs.Node(model, _files, Inside($"{name}.{i}")))]));

    /// <summary>Records of the model's own, in order.</summary>
    public void Each<T>(string name, IEnumerable<T> items, Action<T, ModelWriter> write) => Parameters.Add(name, new JsonArray([.. items.Select((item, i) =>
    {
        var inner = new ModelWriter(_codecs, _files, Inside($"{name}.{i}"), null);
        write(item, inner);
        return (JsonNode)inner.Parameters;
    })]));

    /// <summary>A long text in a file of its own beside the parameters, which name it.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="text">The file's content.</param>
    /// <param name="extension">How its name ends, such as <c>.txt</c>.</param>
    public void File(string name, string text, string extension) => File(name, System.Text.Encoding.UTF8.GetBytes(text), extension);

    /// <summary>Bytes in a file of their own beside the parameters, which name it.</summary>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="bytes">The file's content.</param>
    /// <param name="extension">How its name ends, such as <c>.bin</c>.</param>
    public void File(string name, byte[] bytes, string extension)
    {
        var path = Inside(name) + extension;
        _files.Add(path, bytes);
        Parameters.Add(name, path);
    }

    private string Inside(string name) => _place.Length == 0 ? name : $"{_place}.{name}";

    private static double Finite(string name, double value) => double.IsFinite(value) ? value
        : throw new InvalidOperationException($"The parameter '{name}' is {value}, and only finite numbers can be packaged: the fit went wrong.");
}
