using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;
using CustomerValue.Torch.Native;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>A tuned network that reads texts for features.</summary>
internal sealed class TunedTextEncoder : IEncoderFolder
{
    private const int TokensPerBatch = 4096, TrimEvery = 10;

    private readonly TunedTextModel _model;

    private TunedTextEncoder(TunedTextModel model, string identity, string folder) => (_model, Identity, Folder) = (model, identity, folder);

    /// <summary>Opens a folder that <see cref="TunedTextModel.Save"/> wrote.</summary>
    public static TunedTextEncoder Open(string folder) => new(TunedTextModel.Open(folder), Digest(folder), folder);

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public string Folder { get; }

    /// <inheritdoc/>
    public int Width => _model.Backbone.HiddenSize;

    /// <inheritdoc/>
    public IReadOnlyList<TextHead> Heads => _model.Heads.Heads;

    /// <inheritdoc/>
    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        int[][] ids = [.. texts.Select(t => _model.Backbone.Tokenizer.Encode(t, _model.Heads.MaxTokens) is { Length: > 0 } tokens ? tokens : [0])];
        var embeddings = new float[texts.Count][];
        var answers = Heads.ToDictionary(h => h.Name, _ => new float[texts.Count][]);
        if (texts.Count == 0) return new(embeddings, answers);
        var batches = new LengthBuckets([.. ids.Select(t => t.Length)], TokensPerBatch, seed: 0).Epoch(0);
        var (done, read) = (0, 0);
        TorchThreads.PartsAtOnce(batches.Count, part =>
        {
            var batch = batches[part];
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            var vectors = _model.Vectors([.. batch.Select(text => ids[text])]);                                    // [B, H]
            foreach (var (vector, text) in vectors.cpu().contiguous().data<float>().ToArray().Chunk(Width).Zip(batch)) embeddings[text] = vector;
            foreach (var head in _model.Heads.Heads)
                foreach (var (answer, text) in HeadNetwork.Answers(head, _model.Network.Outputs(head, vectors)).Zip(batch)) answers[head.Name][text] = [.. answer.Select(a => (float)a)];
            if (Interlocked.Increment(ref done) % TrimEvery == 0) TorchMemory.Trim();
            progress?.Report(new("reading texts", Interlocked.Add(ref read, batch.Length), texts.Count, "texts"));
        }, cancellation);
        return new(embeddings, answers);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\0"));
            using var stream = File.OpenRead(file);
            hash.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
