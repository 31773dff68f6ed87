using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A fitted network that reads customers' records, as one engine learned it: what another needs to serve it.</summary>
public interface ITunedReader : IFittedCandidate
{
    /// <summary>The candidate's name, for messages.</summary>
    string Name { get; }

    /// <summary>Brings the network's outputs to answers.</summary>
    JointCalibration Calibration { get; }

    /// <summary>Writes its encoder as a Hugging Face folder: config.json and weights, and the tokenizer's files where it reads texts.</summary>
    void Save(string folder);
}

/// <summary>A network that reads a customer's whole history as a sentence.</summary>
public interface ITunedHistoryReader : ITunedReader
{
    /// <summary>Writes the sentences.</summary>
    FittedEventLanguage Language { get; }

    /// <summary>From the first state of a sentence and the mean of all to the four outputs.</summary>
    DenseLayer Head { get; }
}

/// <summary>A network that reads a customer's texts beside features.</summary>
public interface ITunedTextReader : ITunedReader
{
    /// <summary>Of the features.</summary>
    FittedScaling Scaling { get; }

    /// <summary>From the texts' vectors (mean of their states) and the features to the four outputs.</summary>
    TextAttentionWeights Attention { get; }

    /// <summary>Most texts of a customer: the last ones.</summary>
    int MostTexts { get; }

    /// <summary>Longest text, in tokens.</summary>
    int TextTokens { get; }
}
