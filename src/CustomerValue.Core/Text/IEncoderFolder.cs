namespace CustomerValue.Text;

/// <summary>An encoder with heads that was opened from a folder as Hugging Face lays it out: what a package takes it from, whichever engine runs it.</summary>
public interface IEncoderFolder : ITextEncoder
{
    /// <summary>The folder: config.json, weights, heads.json, heads.safetensors and the tokenizer's files.</summary>
    string Folder { get; }
}
