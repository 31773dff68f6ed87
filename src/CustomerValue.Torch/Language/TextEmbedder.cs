using CustomerValue.Text;
using CustomerValue.Text.Embeddings;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Native;
using CustomerValue.Torch.Weights;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Language;

/// <summary>How texts become vectors.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>What the vector is; null for what the architecture is used with: the mean of an encoder's states, the last state of a decoder.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Whether vectors are scaled to length 1, so that a dot product is the cosine.</summary>
    public bool Normalize { get; init; }

    /// <summary>Longest text, in tokens; 0 for what the model can take. Longer ones are cut off there.</summary>
    public int MaxTokens { get; init => field = Check.Within(value, 0, 1_000_000); }

    /// <summary>Tokens of a batch, padding included: more cost memory, fewer cost speed.</summary>
    public int TokensPerBatch { get; init => field = Check.Within(value, 1, 10_000_000); } = 4_096;
}

/// <summary>Texts to vectors, with any encoder or decoder. Texts of like length share a batch, so that little padding is computed.</summary>
/// <remarks>A text's vector depends on what it shares a batch with in the last digits (about 1e-7) only. Not for several threads at once.</remarks>
public sealed class TextEmbedder : IDisposable
{
    private readonly IDisposable _model;
    private readonly Func<Tensor, Tensor?, Tensor> _states;
    private readonly ITokenizer _tokenizer;
    private readonly EmbeddingOptions _options;
    private readonly Pooling _pooling;
    private readonly int _maxTokens;
    private readonly HuggingFaceFolder? _folder;

    /// <summary>Over an encoder; the caller keeps it.</summary>
    public TextEmbedder(Bert model, ITokenizer tokenizer, EmbeddingOptions? options = null)
        : this(model, model.forward, model.Config.HiddenSize, model.Config.MaxPositions, Text.Pooling.Mean, tokenizer, options ?? new(), null) { }

    /// <summary>Over a decoder; the caller keeps it.</summary>
    public TextEmbedder(CausalLanguageModel model, ITokenizer tokenizer, EmbeddingOptions? options = null)
        : this(model, (ids, mask) => model.States(ids, mask), model.HiddenSize, model.MaxPositions, Text.Pooling.Last, tokenizer, options ?? new(), null) { }

    private TextEmbedder(IDisposable model, Func<Tensor, Tensor?, Tensor> states, int width, int positions, Pooling usual, ITokenizer tokenizer, EmbeddingOptions options, HuggingFaceFolder? folder)
    {
        (_model, _states, _tokenizer, _options, _folder) = (model, states, tokenizer, options, folder);
        (Width, _pooling) = (width, options.Pooling ?? usual);
        _maxTokens = options.MaxTokens > 0 ? Math.Min(options.MaxTokens, positions) : positions;
    }

    /// <summary>Opens a model's folder.</summary>
    /// <exception cref="InvalidDataException">The folder isn't a whole model of a kind that is built here.</exception>
    public static TextEmbedder Open(string path, EmbeddingOptions? options = null)
    {
        options ??= new();
        var folder = HuggingFaceFolder.Open(path);
        try
        {
            var tokenizer = HuggingFaceTokenizer.Open(path);
            if (BertConfig.IsKnown(folder.ModelType))
            {
                var bert = folder.Bert();
                return new(bert, bert.forward, bert.Config.HiddenSize, bert.Config.MaxPositions, Text.Pooling.Mean, tokenizer, options, folder);
            }
            var decoder = folder.Decoder();
            return new(decoder, (ids, mask) => decoder.States(ids, mask), decoder.HiddenSize, decoder.MaxPositions, Text.Pooling.Last, tokenizer, options, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>W: numbers of a vector.</summary>
    public int Width { get; }

    /// <summary>What vectors depend on besides the text: a hash of the model's files, and the options. For an embedder that was opened from a folder.</summary>
    public string Identity => _folder is null ? throw new InvalidOperationException("Only an embedder that was opened from a folder knows what its model is.")
        : $"{_folder.Fingerprint()} {_pooling} {_options.Normalize} {_maxTokens}";

    /// <summary>A cache for these vectors.</summary>
    /// <param name="folder">Where caches are kept.</param>
    public EmbeddingCache OpenCache(string folder) => EmbeddingCache.Open(folder, Identity, Width);

    /// <summary>A text's vector: [W].</summary>
    public float[] Embed(string text) => Embed([text])[0];

    /// <summary>The vectors of many texts.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="cache">Where known ones are found and new ones are kept; null for none.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Ends it between two batches; what was computed is in the cache.</param>
    /// <returns>[texts][W].</returns>
    public float[][] Embed(IReadOnlyList<string> texts, EmbeddingCache? cache = null, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        var vectors = new float[texts.Count][];
        // A text that comes twice is computed once.
        var places = new Dictionary<string, List<int>>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (cache is not null && !places.ContainsKey(texts[i]) && cache.TryGet(texts[i], vectors[i] = new float[Width])) continue;
            if (!places.TryAdd(texts[i], [i])) places[texts[i]].Add(i);
        }
        var done = texts.Count - places.Values.Sum(p => p.Count);
        List<(string Text, int[] Ids)> open = [.. places.Keys.Select(text => (text, _tokenizer.Encode(text, _maxTokens))).OrderByDescending(t => t.Item2.Length)];
        var batches = Batches(open);
        var finished = 0;
        TorchThreads.PartsAtOnce(batches.Count, part =>
        {
            var batch = batches[part];
            var computed = Compute([.. batch.Select(b => b.Ids)]);
            lock (places)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    foreach (var place in places[batch[i].Text]) vectors[place] = computed[i];
                    cache?.Add(batch[i].Text, computed[i]);
                    done += places[batch[i].Text].Count;
                }
                if (++finished % 10 == 0) TorchMemory.Trim();
                progress?.Report(new("embedding", done, texts.Count, "texts"));
            }
        }, cancellation);
        cache?.Flush();
        return vectors;
    }

    // Longest first, so that texts of like length share a batch; few texts are cut into as many batches as there are threads.
    private List<List<(string Text, int[] Ids)>> Batches(List<(string Text, int[] Ids)> open)
    {
        var batches = new List<List<(string, int[])>>();
        var (threads, tokens) = (get_num_threads(), open.Sum(t => (long)t.Ids.Length));
        var most = threads == 1 ? _options.TokensPerBatch : Math.Min(_options.TokensPerBatch, (tokens + threads - 1) / threads);
        for (var start = 0; start < open.Count; start += batches[^1].Count)
            batches.Add(open.GetRange(start, (int)Math.Clamp(most / Math.Max(1, open[start].Ids.Length), 1, open.Count - start)));
        return batches;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is null) return;
        _model.Dispose();
        _folder.Dispose();
    }

    private float[][] Compute(IReadOnlyList<int[]> texts)
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var batch = TokenBatch.Of(texts, _tokenizer.Special.Pad ?? 0);
        long[] shape = [batch.Rows, batch.Length];
        var mask = Array.IndexOf(batch.Mask, 0) < 0 ? null : tensor(batch.Mask).view(shape);                // [B, T]
        var pooled = TextPooling.Pool(_states(tensor(batch.Ids).view(shape), mask), mask, _pooling);        // [B, W]
        if (_options.Normalize) pooled = pooled / pooled.norm(-1, keepdim: true).clamp_min(Scalars.Of(1e-12));
        return [.. pooled.cpu().contiguous().data<float>().ToArray().Chunk(Width)];
    }
}
