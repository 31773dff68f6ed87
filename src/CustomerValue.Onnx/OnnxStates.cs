using System.Text;
using CustomerValue.Text.Weights;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Onnx;

/// <summary>An encoder without heads, for rows of token ids that are read each alone: a row's numbers are the same bits whatever is read beside it. May be asked from several threads.</summary>
internal sealed class OnnxStates : IDisposable
{
    private const string Name = "The encoder";

    private readonly InferenceSession _session;

    /// <summary>Writes the graph and opens it.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="weights">The weights, a safetensors file.</param>
    /// <exception cref="InvalidDataException">They don't fit together, or can't be trusted.</exception>
    public OnnxStates(byte[] config, byte[] weights)
    {
        if (!System.Text.Unicode.Utf8.IsValid(config)) throw new InvalidDataException("config.json isn't UTF-8.");
        var text = Encoding.UTF8.GetString(config);
        Config = EncoderConfig.Parse(text, "config.json");
        var folder = Directory.CreateTempSubdirectory("customervalue-encoder-").FullName;
        try
        {
            var path = Path.Combine(folder, WeightFolder.Single);
            File.WriteAllBytes(path, weights);
            using var file = WeightFolder.OpenFile(path);
            var graph = OnnxGraphWriter.ToBytes(new(text, OnnxPackage.Encoder(file)));
            _session = OnnxTextEncoder.Session(Name, how => new(graph, how));
        }
        catch (Exception error) when (error is WeightException or IOException or InvalidDataException)
        {
            throw new InvalidDataException(error.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Its sizes.</summary>
    public EncoderConfig Config { get; }

    /// <summary>The mean of a row's states.</summary>
    /// <param name="ids">[T], not empty.</param>
    /// <returns>[H].</returns>
    /// <exception cref="InvalidDataException">ONNX Runtime can't answer.</exception>
    public float[] Mean(int[] ids) => Run(ids, BertGraph.Embedding);

    /// <summary>A row's first state, and the mean of all behind it.</summary>
    /// <param name="ids">[T], not empty.</param>
    /// <returns>[2H].</returns>
    /// <exception cref="InvalidDataException">ONNX Runtime can't answer.</exception>
    public float[] FirstAndMean(int[] ids) => Run(ids, BertGraph.HiddenStates, BertGraph.Embedding);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    // Of each output, the first numbers that are as many as a state has, one after another.
    private float[] Run(int[] ids, params string[] outputs)
    {
        long[] shape = [1, ids.Length];
        using var tokens = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, id => (long)id), shape);
        using var mask = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, ids.Length).ToArray(), shape);
        using var run = new RunOptions();
        try
        {
            using var found = _session.Run(run, [BertGraph.Ids, BertGraph.Mask], [tokens, mask], outputs);
            return [.. found.SelectMany(f => f.GetTensorDataAsSpan<float>()[..Config.Width].ToArray())];
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"{Name} can't read {ids.Length} tokens: {error.Message}", error);
        }
    }
}
