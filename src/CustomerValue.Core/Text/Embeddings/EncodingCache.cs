using System.Globalization;

namespace CustomerValue.Text.Embeddings;

/// <summary>What one encoder makes of texts, kept on disk: each text passes through it once, whichever build, cutoff or thread asks. For several threads at once.</summary>
/// <remarks>A text's numbers stand in one row: its embedding [H], then what each head answers, in the heads' order ([K] probabilities, or [1] a number).</remarks>
public sealed class EncodingCache : IDisposable
{
    // Texts that are handed to the encoder at a time: what a stopped run may lose.
    private const int Chunk = 1024;

    private readonly ITextEncoder _encoder;
    private readonly EmbeddingCache _file;
    private readonly Lock _filed = new(), _encoding = new();

    private EncodingCache(ITextEncoder encoder, EmbeddingCache file) => (_encoder, _file) = (encoder, file);

    /// <summary>Numbers of a text: H, and one for each answer.</summary>
    public int Width => _file.Width;

    /// <summary>Texts that passed through the encoder since it was opened.</summary>
    public long Encoded { get; private set; }

    /// <summary>Opens or makes the file of an encoder; the caller keeps the encoder.</summary>
    /// <param name="folder">Where caches are kept; made when it isn't there.</param>
    /// <param name="encoder">Who reads what isn't known yet.</param>
    /// <exception cref="IOException">Another process has the file open.</exception>
    public static EncodingCache Open(string folder, ITextEncoder encoder)
    {
        var answers = string.Join(';', encoder.Heads.Select(h => $"{h.Name}:{h.Kind}:{string.Join(',', h.Labels)}"));
        return new(encoder, EmbeddingCache.Open(folder, string.Create(CultureInfo.InvariantCulture, $"encoding 1 {encoder.Identity} {encoder.Width} {answers}"), encoder.Width + encoder.Heads.Sum(Answers)));
    }

    /// <summary>Numbers that a head answers with.</summary>
    public static int Answers(TextHead head) => Math.Max(1, head.Labels.Count);

    /// <summary>Whether a text is known.</summary>
    public bool Has(string text)
    {
        lock (_filed) return _file.Has(text);
    }

    /// <summary>A text's numbers; one that isn't known, or whose record is damaged, passes through the encoder now.</summary>
    /// <param name="text">The text.</param>
    /// <param name="numbers">[<see cref="Width"/>]: filled in.</param>
    public void Get(string text, Span<float> numbers)
    {
        lock (_filed)
            if (_file.TryGet(text, numbers)) return;
        Encode([text]);
        lock (_filed)
            if (!_file.TryGet(text, numbers)) throw new IOException($"{_file.FilePath}: what was just written can't be read. Is the disk sound, and not full?");
    }

    /// <summary>Passes through the encoder what isn't known yet; what was done stays when it is cancelled.</summary>
    /// <param name="texts">Any texts, in any order. They are sorted first, so that neighbours in a batch are the same whoever asks.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <exception cref="InvalidDataException">The encoder gave a number that isn't finite, or another count of them than it told.</exception>
    public void Encode(IEnumerable<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
    {
        lock (_encoding)
        {
            string[] open = [.. texts.Distinct(StringComparer.Ordinal).Where(t => !Readable(t)).Order(StringComparer.Ordinal)];
            var row = new float[Width];
            for (var done = 0; done < open.Length; done += Chunk)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new("encoding texts", done, open.Length, "texts"));
                string[] some = open[done..Math.Min(done + Chunk, open.Length)];
                var encoded = _encoder.Encode(some, progress is null ? null : new Part(progress, done, open.Length), cancellation);
                lock (_filed)
                {
                    for (var at = 0; at < some.Length; at++)
                    {
                        Fill(row, encoded, at);
                        _file.Add(some[at], row);
                    }
                    _file.Flush();
                }
                Encoded += some.Length;
            }
            if (open.Length > 0) progress?.Report(new("encoding texts", open.Length, open.Length, "texts"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool Readable(string text)
    {
        lock (_filed) return _file.TryGet(text, new float[Width]);
    }

    private void Fill(float[] row, EncodedTexts encoded, int at)
    {
        Take(row, 0, _encoder.Width, encoded.Embeddings[at], "the embedding");
        var next = _encoder.Width;
        foreach (var head in _encoder.Heads)
        {
            Take(row, next, Answers(head), encoded.Answers[head.Name][at], $"the head '{head.Name}'");
            next += Answers(head);
        }
    }

    // The encoder tells how far it is in some of the texts.
    private sealed class Part(IProgress<StageProgress> all, int done, int total) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => all.Report(new("encoding texts", Math.Min(done + value.Done, total), total, "texts"));
    }

    private void Take(float[] row, int from, int count, float[] numbers, string what)
    {
        if (numbers.Length != count)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The encoder {_encoder.Identity} gave {numbers.Length} numbers for {what} of a text; expected are {count}."));
        if (Array.Find(numbers, n => !float.IsFinite(n)) is var strange && !float.IsFinite(strange))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The encoder {_encoder.Identity} gave {strange} for {what} of a text; every number must be finite. Are its weights whole?"));
        numbers.CopyTo(row, from);
    }
}
