using System.Text.Json.Nodes;
using CustomerValue.Models;
using CustomerValue.Models.Text;
using CustomerValue.Text;

namespace CustomerValue.Packaging;

/// <summary>The codecs that a program knows. Kinds in files are looked up here and nowhere else: no file names a type or brings code.</summary>
public sealed class ModelCodecs
{
    private const string Root = "model.json";

    private readonly Dictionary<string, IModelCodec> _byKind = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, IModelCodec> _byType = [];

    /// <param name="codecs">Kinds and types differ.</param>
    /// <exception cref="ArgumentException">Two codecs have the same kind or type.</exception>
    public ModelCodecs(IEnumerable<IModelCodec> codecs)
    {
        foreach (var codec in codecs)
            if (!_byKind.TryAdd(codec.Kind, codec) || !_byType.TryAdd(codec.Model, codec))
                throw new ArgumentException($"Two codecs write '{codec.Kind}' or {codec.Model.Name}; give each kind and type one.", nameof(codecs));
    }

    /// <summary>The codecs of models that need no engine.</summary>
    public static ModelCodecs Core { get; } = new([.. CoreCodecs.All, .. ReaderCodecs.All, .. TextCodecs.All]);

    /// <summary>The codecs, in order of kind.</summary>
    public IEnumerable<IModelCodec> All => _byKind.Values.OrderBy(c => c.Kind, StringComparer.Ordinal);

    /// <summary>These codecs and more: an engine's.</summary>
    public ModelCodecs With(params IEnumerable<IModelCodec> more) => new([.. _byKind.Values, .. more]);

    /// <summary>Writes a fitted candidate: <c>model.json</c> and the texts that belong to it.</summary>
    /// <exception cref="InvalidOperationException">It, or a model inside it, has no codec, or a parameter that isn't finite.</exception>
    public PackageFiles Write(IFittedCandidate model) => Written(model);

    /// <summary>Writes a fitted candidate on texts: <c>model.json</c> and the files that belong to it.</summary>
    /// <inheritdoc cref="Write(IFittedCandidate)"/>
    public PackageFiles Write(IFittedTextCandidate model) => Written(model);

    /// <summary>Writes a fitted candidate, or gives null where it can't be written.</summary>
    public PackageFiles? TryWrite(IFittedCandidate model)
    {
        try { return Write(model); }
        catch (InvalidOperationException) { return null; }
    }

    /// <summary>Reads what <see cref="Write(IFittedCandidate)"/> wrote.</summary>
    /// <exception cref="PackageException">A file is missing, superfluous, or doesn't say what is expected there.</exception>
    public IFittedCandidate Read(PackageFiles files) => Read(files, null);

    internal IFittedCandidate Read(PackageFiles files, SharedModels? shared) => Read<IFittedCandidate>(files, shared);

    /// <summary>Reads what <see cref="Write(IFittedTextCandidate)"/> wrote; the caller disposes of it.</summary>
    /// <exception cref="PackageException">A file is missing, superfluous, or doesn't say what is expected there.</exception>
    public IFittedTextCandidate ReadText(PackageFiles files) => Read<IFittedTextCandidate>(files, null);

    /// <summary>Writes an encoder that features are built with: <c>model.json</c> and the files that belong to it.</summary>
    /// <inheritdoc cref="Write(IFittedCandidate)"/>
    public PackageFiles Write(ITextEncoder encoder) => Written(encoder);

    /// <summary>Reads what <see cref="Write(ITextEncoder)"/> wrote; the caller disposes of it.</summary>
    /// <exception cref="PackageException">A file is missing, superfluous, or doesn't say what is expected there.</exception>
    public ITextEncoder ReadEncoder(PackageFiles files) => Read<ITextEncoder>(files, null);

    private T Read<T>(PackageFiles files, SharedModels? shared) where T : class
    {
        using var document = PackageJson.Parse(files, Root);
        var source = new ModelSource(this, files, shared);
        T? model = null;
        try
        {
            model = source.Read<T>(document.RootElement, Root, 0);
            var unread = files.Paths.Where(p => p != Root && !source.Taken.Contains(p)).ToArray();
            if (unread.Length > 0) throw new PackageException($"No model asks for {string.Join(", ", unread)}. {PackageException.Damaged}");
            return model;
        }
        catch
        {
            foreach (var held in source.Held) held.Dispose();
            throw;
        }
    }

    private PackageFiles Written(object model)
    {
        var files = new PackageFiles();
        var parameters = Node(model, files, "");
        files.Add(Root, PackageJson.Write(parameters));
        return files;
    }

    /// <summary>The kinds of model that stand in the files, in order of name, with how often each does.</summary>
    internal static IReadOnlyDictionary<string, int> Kinds(PackageFiles files)
    {
        using var document = PackageJson.Parse(files, Root);
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var kind in KindsIn(document.RootElement)) kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        return kinds;
    }

    /// <summary>What the model's licence notes must name.</summary>
    public IReadOnlyList<string> Notices(PackageFiles files) =>
        [.. Kinds(files).Keys.Select(k => _byKind.GetValueOrDefault(k)?.Notice).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a model in the files reads customers' records.</summary>
    internal bool ReadsRecords(PackageFiles files) => Kinds(files).Keys.Any(k => _byKind.GetValueOrDefault(k)?.ReadsRecords == true);

    /// <summary>How far the answers of the model in the files may be off on another processor.</summary>
    internal double Tolerance(PackageFiles files) => Kinds(files).Keys.Max(k => _byKind.GetValueOrDefault(k)?.Tolerance ?? 0);

    private static IEnumerable<string> KindsIn(System.Text.Json.JsonElement element)
    {
        if (element.ValueKind == System.Text.Json.JsonValueKind.Array) return element.EnumerateArray().SelectMany(KindsIn);
        if (element.ValueKind != System.Text.Json.JsonValueKind.Object) return [];
        var own = element.TryGetProperty(ModelWriter.Kind, out var kind) && kind.ValueKind == System.Text.Json.JsonValueKind.String && kind.GetString() is { } name ? new[] { name } : [];
        return own.Concat(element.EnumerateObject().SelectMany(property => KindsIn(property.Value)));
    }

    internal JsonObject Node(object model, PackageFiles files, string place)
    {
        if (model is IWrittenBefore before)
        {
            using var read = ReadText(before.Model ?? throw new InvalidOperationException("A member can't be packaged, so what is made of it can't be either."));
            return Node(read, files, place);
        }
        if (!_byType.TryGetValue(model.GetType(), out var codec) && (codec = All.FirstOrDefault(c => c.Takes(model))) is null)
            throw new InvalidOperationException(
                $"No codec writes {model.GetType().Name}, so it can't be packaged. Give it one and hand it to the program's codecs (CONTRIBUTING.md, 'A candidate'). There are: {string.Join(", ", All.Select(c => c.Kind))}.");
        var writer = new ModelWriter(this, files, place, codec);
        codec.Write(model, writer);
        return writer.Parameters;
    }

    internal IModelCodec Codec(string kind, int version, string where)
    {
        if (!_byKind.TryGetValue(kind, out var codec))
            throw new PackageException($"{where} is a '{kind}', which this program doesn't know. It knows: {string.Join(", ", All.Select(c => c.Kind))}. Use a program that does, or take the package from its source again.");
        return version >= 1 && version <= codec.Version ? codec
            : throw new PackageException($"{where} is a '{kind}' of version {version}, and this program reads versions 1 to {codec.Version}. Use a newer program.");
    }
}
