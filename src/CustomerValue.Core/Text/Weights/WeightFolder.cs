using System.Text.Json;

namespace CustomerValue.Text.Weights;

/// <summary>The weights of a model's folder: model.safetensors, shards named by model.safetensors.index.json, or an old pytorch_model.bin.</summary>
public sealed class WeightFolder : IDisposable
{
    /// <summary>Name of the file where all weights stand in one.</summary>
    public const string Single = "model.safetensors";

    private const string Pickled = "pytorch_model.bin";
    private const string Index = "model.safetensors.index.json";
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };
    private readonly List<WeightFile> _files;
    private readonly Dictionary<string, (WeightFile File, WeightInfo Weight)> _byName = [];

    private WeightFolder(List<WeightFile> files)
    {
        _files = files;
        foreach (var file in files)
            foreach (var weight in file.Weights)
                if (!_byName.TryAdd(weight.Name, (file, weight)))
                    throw new WeightException($"{file.FilePath}: the weight '{weight.Name}' stands in {Path.GetFileName(_byName[weight.Name].File.FilePath)} too. One place is expected.");
        Weights = [.. files.SelectMany(f => f.Weights)];
    }

    /// <summary>Whether weights stand in a folder, by the files' names.</summary>
    public static bool IsIn(string folder) => new[] { Single, Index, Pickled }.Any(name => File.Exists(Path.Combine(folder, name)));

    /// <summary>All weights.</summary>
    public IReadOnlyList<WeightInfo> Weights { get; }

    /// <summary>The files that they stand in.</summary>
    public IReadOnlyList<WeightFile> Files => _files;

    /// <summary>Opens what the folder has; safetensors are preferred.</summary>
    /// <exception cref="WeightException">There are no weights, or they can't be trusted.</exception>
    public static WeightFolder Open(string folder)
    {
        if (File.Exists(Path.Combine(folder, Single))) return Of([() => SafeTensorsFile.Open(Path.Combine(folder, Single))]);
        if (File.Exists(Path.Combine(folder, Index))) return Sharded(folder);
        if (File.Exists(Path.Combine(folder, Pickled))) return Of([() => PickledWeightsFile.Open(Path.Combine(folder, Pickled))]);
        throw new WeightException($"{folder}: neither {Single}, nor {Index}, nor {Pickled} is there. Give a folder that holds a model as Hugging Face lays it out.");
    }

    /// <summary>Opens one file, whatever its name.</summary>
    /// <exception cref="WeightException">It can't be trusted.</exception>
    public static WeightFolder OpenFile(string path) => Of([() => path.EndsWith(".bin", StringComparison.Ordinal) ? PickledWeightsFile.Open(path) : SafeTensorsFile.Open(path)]);

    /// <summary>The weight of that name; null when there is none.</summary>
    public WeightInfo? Find(string name) => _byName.TryGetValue(name, out var found) ? found.Weight : null;

    /// <summary>The file that a weight stands in.</summary>
    /// <exception cref="WeightException">There is no such weight.</exception>
    public WeightFile FileOf(string name) => _byName.TryGetValue(name, out var found) ? found.File
        : throw new WeightException($"There is no weight '{name}' in {string.Join(", ", _files.Select(f => f.FilePath))}.");

    /// <summary>A weight's numbers, row by row, as single precision.</summary>
    /// <exception cref="WeightException">There is no such weight, or it doesn't fit into an array.</exception>
    public float[] ReadSingles(string name) => FileOf(name).ReadSingles(name);

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(f => f.Dispose());

    private static WeightFolder Sharded(string folder)
    {
        var index = Path.Combine(folder, Index);
        var places = Places(index);
        string[] shards = [.. places.Values.Distinct().Order(StringComparer.Ordinal)];
        var opened = Of([.. shards.Select(shard => (Func<WeightFile>)(() => SafeTensorsFile.Open(Path.Combine(folder, shard))))]);
        try
        {
            foreach (var (name, shard) in places)
                if (!opened._byName.TryGetValue(name, out var found) || Path.GetFileName(found.File.FilePath) != shard)
                    throw new WeightException($"{index}: the weight '{name}' is said to stand in {shard}, and it doesn't. Take the index and its shards from the same place.");
            foreach (var weight in opened.Weights)
                if (!places.ContainsKey(weight.Name))
                    throw new WeightException($"{opened.FileOf(weight.Name).FilePath}: the weight '{weight.Name}' isn't named in {Index}. Take the index and its shards from the same place.");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static Dictionary<string, string> Places(string index)
    {
        try
        {
            if (new FileInfo(index).Length > 100_000_000) throw new WeightException($"{index}: an index of more than 100 MB is refused.");
            using var json = JsonDocument.Parse(File.ReadAllBytes(index), s_strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
                throw new WeightException($"{index}: there is no object weight_map, which tells each weight's file.");
            var places = new Dictionary<string, string>();
            foreach (var entry in map.EnumerateObject())
            {
                var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
                // A name of this folder only: a path could lead anywhere.
                if (!shard.EndsWith(".safetensors", StringComparison.Ordinal) || shard != Path.GetFileName(shard) || shard.AsSpan().ContainsAny('\\', ':', '\0'))
                    throw new WeightException($"{index}: the weight '{entry.Name}' is said to stand in '{shard}'; the name of a .safetensors file beside the index is expected.");
                places[entry.Name] = shard;
            }
            return places.Count > 0 ? places : throw new WeightException($"{index}: weight_map names no weight.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException) { throw new WeightException($"{index}: the index is no proper JSON. {error.Message}", error); }
    }

    private static WeightFolder Of(Func<WeightFile>[] open)
    {
        var files = new List<WeightFile>();
        try
        {
            foreach (var one in open) files.Add(one());
            return new(files);
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }
    }
}
