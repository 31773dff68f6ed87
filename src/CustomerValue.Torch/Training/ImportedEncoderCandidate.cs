using System.Security.Cryptography;
using CustomerValue.Models.Text;

namespace CustomerValue.Torch.Training;

/// <summary>A published network, tuned to the labels, whole or through an adapter.</summary>
/// <param name="name">Short name, unique in its experiment.</param>
/// <param name="model">The network's folder, as Hugging Face lays it out.</param>
/// <param name="tuning">How; seed and threads come from the experiment.</param>
public sealed class ImportedEncoderCandidate(string name, string model, FineTuningOptions tuning) : ITextCandidate
{
    /// <summary>What else it learns to answer of the training texts.</summary>
    public IReadOnlyList<SideTask> Beside { get; init; } = [];

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["model"] = Path.GetFileName(Path.GetFullPath(model)),
                ["weights"] = Digest(),
                ["tuning"] = Candidates.Told(tuning.Settings()),
            };
            foreach (var task in Beside) settings[$"beside.{task.Head.Name}"] = task.Told;
            return settings;
        }
    }

    /// <inheritdoc/>
    public IFittedTextCandidate Fit(LabelledTexts train, LabelledTexts dev, TextFitContext context, CancellationToken cancellation)
    {
        var folder = context.Folder is { } own ? Path.Combine(own, "tuning") : null;
        return Candidates.Tune(model, tuning, train, dev, Beside, folder, new Dictionary<string, string>(), context, cancellation);
    }

    // Of all weight files: a folder's name says little.
    private string Digest()
    {
        if (!Directory.Exists(model)) throw new DirectoryNotFoundException($"'{name}' needs the model folder {model}, which isn't there.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(model).Where(f => f.EndsWith(".safetensors", StringComparison.Ordinal) || f.EndsWith(".bin", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            using (var stream = File.OpenRead(file))
                hash.AppendData(SHA256.HashData(stream));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
