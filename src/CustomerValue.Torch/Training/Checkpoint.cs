using System.Runtime.InteropServices;
using System.Text.Json;

namespace CustomerValue.Torch.Training;

/// <summary>Where a run stands after a step: enough to go on as if it had never stopped.</summary>
/// <param name="Run">Digest of all that decides the result: data, options, layout of the weights.</param>
/// <param name="Step">Steps taken. Batches, masks and dropout follow from the seed and the step, so no generator has a state of its own.</param>
/// <param name="BestStep">The step whose weights scored best.</param>
/// <param name="Best">The figures at that step.</param>
/// <param name="Waited">Evaluations since then.</param>
/// <param name="LossStart">Mean loss of the first steps.</param>
/// <param name="LossMean">Running mean of the loss.</param>
/// <param name="LossAbove">Steps for which that has stood far above the start.</param>
/// <param name="LossSeen">Losses taken.</param>
internal sealed record CheckpointState(
    string Run, long Step, long? BestStep, IReadOnlyDictionary<string, double>? Best, int Waited, double LossStart, double LossMean, long LossAbove, long LossSeen);

/// <summary>A run's checkpoint: a folder that is complete or absent, never half there, whenever the process is killed.</summary>
/// <param name="folder">The run's folder; checkpoints stand in it as checkpoint-STEP.</param>
internal sealed class Checkpoint(string folder)
{
    private const string Prefix = "checkpoint-", StateFile = "state.json", ArraysFile = "arrays.bin";
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n", NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes a checkpoint, then removes the ones before it.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="arrays">Named arrays: weights, running means and so on.</param>
    public void Save(CheckpointState state, IReadOnlyDictionary<string, Array> arrays)
    {
        Directory.CreateDirectory(folder);
        var (kept, part) = (Path.Combine(folder, $"{Prefix}{state.Step}"), Path.Combine(folder, $"{Prefix}{state.Step}.part"));
        if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
        Directory.CreateDirectory(part);
        WriteArrays(Path.Combine(part, ArraysFile), arrays);
        File.WriteAllBytes(Path.Combine(part, StateFile), [.. JsonSerializer.SerializeToUtf8Bytes(state, s_json), (byte)'\n']);
        if (Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
        Directory.Move(part, kept);
        foreach (var (path, _) in Found().Where(c => c.Path != kept).ToArray()) Directory.Delete(path, recursive: true);
    }

    /// <summary>The newest checkpoint; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is of another run or damaged; the message says what to do.</exception>
    public (CheckpointState State, IReadOnlyDictionary<string, Array> Arrays)? Load(string run)
    {
        if (Found().OrderByDescending(c => c.Step).FirstOrDefault() is not { Path: { } path }) return null;
        try
        {
            var state = JsonSerializer.Deserialize<CheckpointState>(File.ReadAllBytes(Path.Combine(path, StateFile)), s_json) ?? throw new JsonException("it holds null");
            if (state.Run != run)
                throw new InvalidDataException($"{path} belongs to another run: its data, options or model differ ({state.Run}, expected {run}). Start in an empty folder, or give the same input and options as before.");
            return (state, ReadArrays(Path.Combine(path, ArraysFile)));
        }
        catch (Exception error) when (error is JsonException or EndOfStreamException or FileNotFoundException or OverflowException)
        {
            throw new InvalidDataException($"{path} can't be read: {error.Message} Delete that folder; the run then starts anew.", error);
        }
    }

    /// <summary>Removes the checkpoints, once the run's result stands somewhere else.</summary>
    public void Clear()
    {
        foreach (var (path, _) in Found().ToArray()) Directory.Delete(path, recursive: true);
    }

    private IEnumerable<(string Path, long Step)> Found() => !Directory.Exists(folder) ? [] :
        Directory.EnumerateDirectories(folder, Prefix + "*").Select(path => (Path: path, Step: long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), out var step) ? step : -1)).Where(c => c.Step >= 0);

    // Each array: name's length, name, 'f' or 'i', count, elements; all little-endian, four bytes a number.
    private static void WriteArrays(string path, IReadOnlyDictionary<string, Array> arrays)
    {
        using var stream = File.Create(path, 1 << 20);
        using var writer = new BinaryWriter(stream);
        writer.Write(arrays.Count);
        foreach (var (name, array) in arrays.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            writer.Write(name);
            writer.Write(array is float[]);
            writer.Write(array.Length);
            writer.Write(array switch
            {
                float[] floats => MemoryMarshal.AsBytes(floats.AsSpan()),
                int[] numbers => MemoryMarshal.AsBytes(numbers.AsSpan()),
                _ => throw new ArgumentException($"{name} is {array.GetType().Name}; float[] or int[] is expected.", nameof(arrays)),
            });
        }
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }

    private static Dictionary<string, Array> ReadArrays(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var arrays = new Dictionary<string, Array>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (name, isFloat, count) = (reader.ReadString(), reader.ReadBoolean(), reader.ReadInt32());
            if (count < 0 || count * 4L > reader.BaseStream.Length - reader.BaseStream.Position)
                throw new EndOfStreamException($"{name} should have {count} numbers, and the file ends before that.");
            if (isFloat) reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(((float[])(arrays[name] = new float[count])).AsSpan()));
            else reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(((int[])(arrays[name] = new int[count])).AsSpan()));
        }
        return arrays;
    }
}
