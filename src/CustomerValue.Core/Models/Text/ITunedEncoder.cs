namespace CustomerValue.Models.Text;

/// <summary>A fitted candidate that is a language model with heads, and writes itself as the folder that all engines read: what one engine has tuned, another packages and serves.</summary>
public interface ITunedEncoder : IFittedTextCandidate
{
    /// <summary>The head that answers with the classes' probabilities.</summary>
    string Head { get; }

    /// <summary>Writes config.json, model.safetensors, the tokenizer's files, heads.safetensors and heads.json, as Hugging Face lays models out.</summary>
    /// <param name="folder">Where to; made where it isn't there.</param>
    void Save(string folder);
}
