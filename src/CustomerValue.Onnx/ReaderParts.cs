using CustomerValue.Models;
using CustomerValue.Packaging;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Text.Weights;

namespace CustomerValue.Onnx;

/// <summary>The files of an encoder without heads that a network which reads records begins with. No graph is among them: it is written anew from the weights.</summary>
/// <param name="Config">config.json.</param>
/// <param name="Weights">A safetensors file.</param>
/// <param name="Tokenizer">The tokenizer's files; none where sentences come as ids.</param>
internal sealed record ReaderParts(byte[] Config, byte[] Weights, IReadOnlyList<TokenizerFile> Tokenizer)
{
    /// <summary>Kernels differ by processor, and engines round otherwise.</summary>
    public const double Tolerance = 1e-4;

    public const string Notice = "ONNX Runtime (MIT, Microsoft Corporation), needed to score: runs the encoder, whose graph is written anew from its weights at every load.";

    /// <summary>Rows at work at once; no answer depends on it.</summary>
    public static int Threads => Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Takes the files of a network; everything passes through a folder, as engines write and read it.</summary>
    /// <exception cref="InvalidOperationException">It is of a kind that isn't served here.</exception>
    public static ReaderParts Of(ITunedReader model, bool withTokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("customervalue-reader-").FullName;
        try
        {
            model.Save(folder);
            var parts = new ReaderParts(
                File.ReadAllBytes(Path.Combine(folder, "config.json")), File.ReadAllBytes(Path.Combine(folder, WeightFolder.Single)), withTokenizer ? EncoderParts.TokenizerOf(folder) : []);
            new OnnxStates(parts.Config, parts.Weights).Dispose();
            return parts;
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            throw new InvalidOperationException($"'{model.Name}' can't be packaged: {error.Message.Replace(folder, "its folder", StringComparison.Ordinal)}", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes them among a model's parameters.</summary>
    public void Write(ModelWriter to)
    {
        to.File("config", Config, ".json");
        to.File("encoder", Weights, ".safetensors");
        if (Tokenizer.Count > 0) EncoderParts.WriteTokenizer(Tokenizer, to);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static ReaderParts Read(ModelReader from, bool withTokenizer) => new(from.Bytes("config"), from.Bytes("encoder"), withTokenizer ? EncoderParts.ReadTokenizer(from) : []);

    /// <summary>Reads texts as the encoder was taught to.</summary>
    /// <exception cref="InvalidDataException">The files are no tokenizer.</exception>
    public ITokenizer OpenTokenizer()
    {
        var folder = Directory.CreateTempSubdirectory("customervalue-tokenizer-").FullName;
        try
        {
            foreach (var file in Tokenizer) File.WriteAllBytes(Path.Combine(folder, file.Name), file.Content);
            return HuggingFaceTokenizer.Open(folder);
        }
        catch (IOException error)
        {
            throw new InvalidDataException(error.Message.Replace(folder, "the package", StringComparison.Ordinal), error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
