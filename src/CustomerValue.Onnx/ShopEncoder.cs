using CustomerValue.Features;
using CustomerValue.Text;
using CustomerValue.Text.Weights;

namespace CustomerValue.Onnx;

/// <summary>The small encoder that comes with the program: it reads reviews and chats in Chinese, English and both, and says what sentiment, mood, loyalty, intent and complaint they hold.
/// It was taught from made-up texts of the project (customervalue text corpus), and has seen no shop; Encoder/README.md tells how it was made and how well it reads.</summary>
public static class ShopEncoder
{
    private const string FolderName = "Encoder";

    /// <summary>Where it lies: beside the program.</summary>
    /// <exception cref="FileNotFoundException">It isn't there.</exception>
    public static string Folder
    {
        get
        {
            var folder = Path.Combine(AppContext.BaseDirectory, FolderName);
            return File.Exists(Path.Combine(folder, WeightFolder.Single)) ? folder
                : throw new FileNotFoundException($"{folder} has no {WeightFolder.Single}. The build copies it from src/CustomerValue.Onnx/{FolderName}; build the program again, or name another encoder's folder.");
        }
    }

    /// <summary>Opens it, to read clause by clause, as it was taught; the caller disposes of it.</summary>
    /// <param name="options">How to run it.</param>
    /// <exception cref="FileNotFoundException">It isn't beside the program.</exception>
    public static ClauseEncoder Open(OnnxEncoderOptions? options = null) => new(OnnxReader.Open(Folder, options));

    /// <summary>It as the source of a shop's encoders, the same at every cutoff.</summary>
    /// <exception cref="FileNotFoundException">It isn't beside the program.</exception>
    public static ClauseEncoderSource Source() => new(new OnnxEncoderSource(Folder));
}
