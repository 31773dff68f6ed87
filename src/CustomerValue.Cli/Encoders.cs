using CustomerValue.Features;
using CustomerValue.Onnx;
using CustomerValue.Text;
using CustomerValue.Torch.Language;
using CustomerValue.Torch.Weights;

namespace CustomerValue.Cli;

/// <summary>The one place where a folder becomes an encoder that reads a shop's texts.</summary>
internal static class Encoders
{
    /// <summary>A finished encoder, the same for every cutoff.</summary>
    /// <param name="folder">A Hugging Face folder, with heads.json where it has heads.</param>
    /// <exception cref="UsageException">The folder holds no encoder.</exception>
    public static ITextEncoderSource Source(string folder)
    {
        if (!Directory.Exists(folder)) throw new UsageException($"There is no folder '{folder}'. Name an encoder's folder: 'customervalue text finetune' makes one.");
        if (File.Exists(Path.Combine(folder, OnnxTextEncoder.ModelFile))) return new OnnxEncoderSource(folder);
        if (!File.Exists(Path.Combine(folder, "config.json"))) throw new UsageException($"{folder} holds no config.json, so it is no model's folder. 'customervalue text finetune' makes one.");
        // An encoder with heads is read by ONNX Runtime, as a package reads it; libtorch reads decoders, and encoders without heads.
        return File.Exists(Path.Combine(folder, TextHeadsFile.Name)) && IsEncoder(folder) ? new OnnxEncoderSource(folder) : new FolderEncoderSource(folder);
    }

    private static bool IsEncoder(string folder)
    {
        using var opened = HuggingFaceFolder.Open(folder);
        return opened.IsEncoder;
    }
}
