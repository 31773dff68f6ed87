using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using Microsoft.ML.OnnxRuntime;

namespace CustomerValue.Onnx;

/// <summary>How an encoder runs.</summary>
public sealed record OnnxEncoderOptions
{
    /// <summary>Batches that run at once, each on a thread of its own: two threads in one batch would wait for each other after every product.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 256); } = 1;

    /// <summary>Most tokens in a batch, padding included; a longer text is a batch of its own.</summary>
    public int TokenBudget { get; init => field = Check.Within(value, 1, 1 << 20); } = 2048;
}

/// <summary>
/// A text encoder with its heads, served by ONNX Runtime from a folder that <see cref="OnnxPackage"/> wrote: no libtorch, one session shared by all threads that ask.
/// Texts of about one length run together (length buckets under a token budget). With 8-bit activations the scale is that of a whole batch, so an answer depends in its last digits on
/// the texts beside it; where activations are in 32 bits only rounding does.
/// </summary>
public sealed class OnnxTextEncoder : ITextEncoder
{
    /// <summary>Name of the model's file in its folder.</summary>
    public const string ModelFile = "model.onnx";

    private readonly InferenceSession _session;
    private readonly ITokenizer _tokenizer;
    private readonly OnnxEncoderOptions _options;
    private readonly string[] _outputs;
    private readonly Lazy<string> _identity;

    private OnnxTextEncoder(string path, Func<SessionOptions, InferenceSession> session, Func<string> hash, TextHeads? heads, ITokenizer tokenizer, OnnxEncoderOptions options)
    {
        (_tokenizer, _options, Heads) = (tokenizer, options, heads?.Heads ?? []);
        _identity = new(() => OnnxGraphWriter.DependsOnBatch(Precision!) ? string.Create(CultureInfo.InvariantCulture, $"{hash()}, batches of {_options.TokenBudget} tokens") : hash());
        _session = Session(path, session);
        try
        {
            _outputs = [BertGraph.Embedding, .. Heads.Select(h => h.Name)];
            Refuse(path);
            var told = _session.ModelMetadata.CustomMetadataMap;
            Width = (int)_session.OutputMetadata[BertGraph.Embedding].Dimensions[^1];
            Precision = told.GetValueOrDefault("precision", "unknown");
            MaxTokens = Math.Min(Number(told, "max_tokens", path), heads?.MaxTokens ?? int.MaxValue);
            if (Number(told, "vocabulary", path) is var known && tokenizer.Vocabulary.Count > known)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The tokenizer knows {tokenizer.Vocabulary.Count:#,0} tokens and {path} {known:#,0}. They belong to different models; put those of one model together."));
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Of a folder that was opened as it is: the SHA-256 of its files' names and contents; where a tokenizer was given, of the model's file and that tokenizer's vocabulary.
    /// Batches are named where answers depend on them.</remarks>
    public string Identity => _identity.Value;

    /// <summary>H: numbers in an embedding.</summary>
    public int Width { get; }

    /// <summary>Longest text, in tokens; longer ones are cut off there.</summary>
    public int MaxTokens { get; }

    /// <summary>fp32, or what is in 8 bits.</summary>
    public string Precision { get; }

    /// <summary>The questions that it answers.</summary>
    public IReadOnlyList<TextHead> Heads { get; }

    /// <summary>Opens a package's folder.</summary>
    /// <param name="folder">Holds model.onnx, the tokenizer's files, and heads.json where the model has heads.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="FileNotFoundException">There is no model.onnx, or no tokenizer.</exception>
    /// <exception cref="InvalidDataException">It isn't a whole model of this kind, or heads or tokenizer belong to another.</exception>
    public static OnnxTextEncoder Open(string folder, OnnxEncoderOptions? options = null) => Open(folder, null, options);

    /// <inheritdoc cref="Open(string,OnnxEncoderOptions)"/>
    /// <param name="folder">Holds model.onnx, and heads.json where the model has heads.</param>
    /// <param name="tokenizer">Reads texts as the model was taught to; null for the folder's.</param>
    /// <param name="options">How to run it.</param>
    public static OnnxTextEncoder Open(string folder, ITokenizer? tokenizer, OnnxEncoderOptions? options = null)
    {
        var path = Path.Combine(folder, ModelFile);
        if (!File.Exists(path)) throw new FileNotFoundException($"{folder} has no {ModelFile}. Write one from a model's folder: customervalue text export-onnx --help", path);
        var heads = File.Exists(Path.Combine(folder, TextHeadsFile.Name)) ? TextHeadsFile.Read(folder) : null;
        return tokenizer is not null ? OpenFile(path, heads, tokenizer, options)
            : new(path, how => new(path, how), () => Hash(OnnxPackage.FilesOf(folder).Select(f => (f, File.ReadAllBytes(Path.Combine(folder, f))))), heads, HuggingFaceTokenizer.Open(folder), options ?? new());
    }

    /// <summary>Opens a model's file, with heads and tokenizer from elsewhere.</summary>
    internal static OnnxTextEncoder OpenFile(string path, TextHeads? heads, ITokenizer tokenizer, OnnxEncoderOptions? options) =>
        new(path, how => new(path, how), () => Hash(Parts(File.ReadAllBytes(path), tokenizer)), heads, tokenizer, options ?? new());

    /// <summary>Opens a graph that was written a moment ago.</summary>
    /// <param name="model">The graph's bytes.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="heads">Its heads.</param>
    /// <param name="tokenizer">Reads texts as the model was taught to.</param>
    /// <param name="options">How to run it.</param>
    internal static OnnxTextEncoder OpenBytes(byte[] model, string name, TextHeads? heads, ITokenizer tokenizer, OnnxEncoderOptions? options = null) =>
        new(name, how => new(model, how), () => Hash(Parts(model, tokenizer)), heads, tokenizer, options ?? new());

    /// <summary>A vector for each text.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="normalize">Divide each vector by its length, so that the product of two is their cosine.</param>
    /// <param name="cancellation">Stops in the middle of a batch.</param>
    public float[][] Embed(IReadOnlyList<string> texts, bool normalize = false, CancellationToken cancellation = default)
    {
        var vectors = Encode(texts, cancellation: cancellation).Embeddings;
        foreach (var vector in normalize ? vectors : [])
            if (TensorPrimitives.Norm<float>(vector) is > 0 and var length) TensorPrimitives.Divide(vector, length, vector);
        return vectors;
    }

    /// <summary>What one head answers to each text: [texts][K] probabilities of its labels, or [texts][1] a number in the target's unit.</summary>
    /// <exception cref="ArgumentException">There is no head of that name.</exception>
    public float[][] Answer(string head, IReadOnlyList<string> texts, CancellationToken cancellation = default) =>
        Heads.Any(h => h.Name == head) ? Encode(texts, cancellation: cancellation).Answers[head]
            : throw new ArgumentException(Heads.Count == 0 ? $"This model has no heads, so none is called '{head}'." : $"There is no head '{head}'. There are: {string.Join(", ", Heads.Select(h => h.Name))}.", nameof(head));

    /// <inheritdoc/>
    /// <remarks>May be called from several threads at once.</remarks>
    public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        int[][] ids = [.. texts.Select(t => _tokenizer.Encode(t, MaxTokens))];
        var embeddings = new float[texts.Count][];
        var answers = Heads.ToDictionary(h => h.Name, _ => new float[texts.Count][]);
        int[][] buckets = [.. Buckets(ids, Budget(ids))];
        var done = 0;
        AtOnce.For(buckets.Length, _options.Threads, bucket =>
        {
            var rows = buckets[bucket];
            var found = Run(TokenBatch.Of([.. rows.Select(r => ids[r])], _tokenizer.Special.Pad ?? 0), cancellation);
            for (var place = 0; place < rows.Length; place++)
            {
                embeddings[rows[place]] = found[0][place];
                for (var head = 0; head < Heads.Count; head++) answers[Heads[head].Name][rows[place]] = found[head + 1][place];
            }
            progress?.Report(new("reading texts", Interlocked.Add(ref done, rows.Length), texts.Count, "texts"));
        }, cancellation);
        return new(embeddings, answers);
    }

    // Few texts are cut into as many batches as there are threads.
    private int Budget(int[][] ids) => _options.Threads == 1 ? _options.TokenBudget : (int)Math.Clamp((ids.Sum(t => (long)t.Length) + _options.Threads - 1) / _options.Threads, 1, _options.TokenBudget);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static IEnumerable<(string Name, byte[] Bytes)> Parts(byte[] model, ITokenizer tokenizer) =>
        [(ModelFile, model), ("vocabulary", Encoding.UTF8.GetBytes(string.Join('\n', tokenizer.Vocabulary)))];

    private static string Hash(IEnumerable<(string Name, byte[] Bytes)> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {bytes.Length}\n")));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Rows of about one length together, shortest first; rows times longest stays within the budget, except for one row alone.</summary>
    internal static IEnumerable<int[]> Buckets(IReadOnlyList<int[]> texts, int budget)
    {
        var bucket = new List<int>();
        foreach (var row in Enumerable.Range(0, texts.Count).OrderBy(r => texts[r].Length))
        {
            if (bucket.Count > 0 && (bucket.Count + 1L) * texts[row].Length > budget)
            {
                yield return [.. bucket];
                bucket.Clear();
            }
            bucket.Add(row);
        }
        if (bucket.Count > 0) yield return [.. bucket];
    }

    // By output [B][width].
    private float[][][] Run(TokenBatch batch, CancellationToken cancellation)
    {
        long[] shape = [batch.Rows, batch.Length];
        using var ids = OrtValue.CreateTensorValueFromMemory(batch.Ids, shape);
        using var mask = OrtValue.CreateTensorValueFromMemory(batch.Mask, shape);
        using var run = new RunOptions();
        using var stop = cancellation.Register(() => run.Terminate = true);
        try
        {
            using var found = _session.Run(run, [BertGraph.Ids, BertGraph.Mask], [ids, mask], _outputs);
            return [.. found.Select(f => Rows(f, batch.Rows))];
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    private static float[][] Rows(OrtValue value, int rows)
    {
        var numbers = value.GetTensorDataAsSpan<float>();
        var (width, split) = (numbers.Length / rows, new float[rows][]);
        for (var row = 0; row < rows; row++) split[row] = numbers.Slice(row * width, width).ToArray();
        return split;
    }

    internal static InferenceSession Session(string path, Func<SessionOptions, InferenceSession> open)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Without VNNI two full 8-bit products overflow the 16 bits that they are added in. The switch also halves the speed of processors that have it.
        if (Overflows) options.AddSessionConfigEntry("session.x64quantprecision", "1");
        try
        {
            return open(options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidDataException($"{path} can't be read as an ONNX model ({error.Message.Split('\n')[0].Trim()}). It may be cut off or changed; write it again: customervalue text export-onnx --help", error);
        }
    }

    // CPUID leaf 7: AVX512_VNNI is bit 11 of ECX, AVX_VNNI bit 4 of EAX in subleaf 1.
    private static bool Overflows => X86Base.IsSupported && (X86Base.CpuId(7, 0).Ecx & 1 << 11) == 0 && (X86Base.CpuId(7, 1).Eax & 1 << 4) == 0;

    private void Refuse(string path)
    {
        foreach (var input in new[] { BertGraph.Ids, BertGraph.Mask })
            if (!_session.InputMetadata.TryGetValue(input, out var found) || found.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 || found.Dimensions.Length != 2)
                throw new InvalidDataException($"{path} lacks the input '{input}', int64 [batch, sequence]; it has {string.Join(", ", _session.InputMetadata.Keys)}. Write the model with customervalue text export-onnx.");
        if (_session.InputMetadata.Count != 2) throw new InvalidDataException($"{path} asks for {string.Join(", ", _session.InputMetadata.Keys)}; only {BertGraph.Ids} and {BertGraph.Mask} are expected. Write the model with customervalue text export-onnx.");
        foreach (var (output, width) in _outputs.Zip([-1, .. Heads.Select(h => Math.Max(1, h.Labels.Count))]))
        {
            if (!_session.OutputMetadata.TryGetValue(output, out var found) || found.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float || found.Dimensions is not { Length: 2 } shape)
                throw new InvalidDataException($"{path} lacks the output '{output}', float [batch, width], that {TextHeadsFile.Name} tells of; it has {string.Join(", ", _session.OutputMetadata.Keys)}. They may come from different models.");
            if (shape[1] < 1 || width > 0 && shape[1] != width)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: the output '{output}' is {shape[1]} wide where {TextHeadsFile.Name} has {width} labels. They come from different models."));
        }
    }

    private static int Number(IReadOnlyDictionary<string, string> told, string key, string path) =>
        int.TryParse(told.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new InvalidDataException($"{path} doesn't tell '{key}' in its metadata, a whole number. Write the model with customervalue text export-onnx.");
}
