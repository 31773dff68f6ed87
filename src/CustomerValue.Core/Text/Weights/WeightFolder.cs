using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CustomerValue.Text.Weights;

/// <summary>The weights of a model's folder: model.safetensors, shards named by model.safetensors.index.json, or an old pytorch_model.bin.</summary>
public sealed partial class WeightFolder : IDisposable
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

    /// <summary>Writes a model's weights, as <see cref="Open"/> reads them: one file, or shards with their index when there are more bytes than a file may have. Weights of the same kind that stood there are replaced.</summary>
    /// <param name="folder">Where to; made when it isn't there.</param>
    /// <param name="weights">The weights; names differ.</param>
    /// <param name="shardBytes">Most bytes of numbers in one file.</param>
    /// <returns>The files' names, in order.</returns>
    /// <remarks>Broken off at any time, the folder has the old weights, or the new ones, or none that open; never some of each.</remarks>
    /// <exception cref="ArgumentException">A name comes twice, or a weight wrote another number of bytes than its shape takes.</exception>
    public static IReadOnlyList<string> Write(string folder, IEnumerable<WeightToWrite> weights, long shardBytes = WeightStorage.UsualShardBytes)
    {
        Directory.CreateDirectory(folder);
        var shards = new List<List<WeightToWrite>> { new() };
        var (total, filled) = (0L, 0L);
        foreach (var weight in weights.OrderBy(w => w.Name, StringComparer.Ordinal))
        {
            if (shards[^1].Count > 0 && filled + weight.Bytes > shardBytes)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(weight);
            (total, filled) = (total + weight.Bytes, filled + weight.Bytes);
        }
        var twice = shards.SelectMany(s => s).GroupBy(w => w.Name).FirstOrDefault(g => g.Skip(1).Any());
        if (twice is not null) throw new ArgumentException($"The weight '{twice.Key}' comes twice.", nameof(weights));
        string[] names = shards.Count == 1 ? [Single] : [.. Enumerable.Range(1, shards.Count).Select(n => string.Create(CultureInfo.InvariantCulture, $"model-{n:00000}-of-{shards.Count:00000}.safetensors"))];
        if (shards.Count == 1)
        {
            SafeTensorsWriter.Write(Path.Combine(folder, Single), shards[0]);
            File.Delete(Path.Combine(folder, Index));
        }
        else
        {
            // The old index goes before a shard that it names is written over, the old single file after the new index stands.
            File.Delete(Path.Combine(folder, Index));
            for (var n = 0; n < shards.Count; n++) SafeTensorsWriter.Write(Path.Combine(folder, names[n]), shards[n]);
            WriteIndex(Path.Combine(folder, Index), shards, names, total);
            File.Delete(Path.Combine(folder, Single));
        }
        foreach (var old in Directory.EnumerateFiles(folder, "model-*-of-*.safetensors"))
            if (ShardName().IsMatch(Path.GetFileName(old)) && !names.Contains(Path.GetFileName(old))) File.Delete(old);
        return names;
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

    private static void WriteIndex(string path, List<List<WeightToWrite>> shards, string[] names, long total)
    {
        using (var stream = new FileStream(path + ".part", FileMode.Create, FileAccess.Write))
        {
            using (var json = new Utf8JsonWriter(stream, new() { Indented = true }))
            {
                json.WriteStartObject();
                json.WriteStartObject("metadata");
                json.WriteNumber("total_size", total);
                json.WriteEndObject();
                json.WriteStartObject("weight_map");
                foreach (var (shard, name) in shards.Zip(names))
                    foreach (var weight in shard) json.WriteString(weight.Name, name);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(path + ".part", path, overwrite: true);
    }

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

    [GeneratedRegex(@"^model-\d{5}-of-\d{5}\.safetensors$")]
    private static partial Regex ShardName();
}
