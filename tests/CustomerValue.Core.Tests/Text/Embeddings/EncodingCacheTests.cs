using CustomerValue.Text;
using CustomerValue.Text.Embeddings;

namespace CustomerValue.Core.Tests.Text.Embeddings;

public sealed class EncodingCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("encodings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_text_is_encoded_once_over_runs_and_its_row_holds_vector_and_answers()
    {
        using var encoder = new Lengths();
        using (var cache = EncodingCache.Open(_folder, encoder))
        {
            cache.Encode(["bb", "a", "bb", "ccc"]);
            Assert.Equal(3, cache.Encoded);
            Assert.Equal(["a", "bb", "ccc"], encoder.Asked);                    // sorted, so that batches don't depend on who asks
        }
        using var again = EncodingCache.Open(_folder, encoder);
        again.Encode(["ccc", "dddd", "a"]);
        Assert.Equal(1, again.Encoded);
        Assert.True(again.Has("bb") && !again.Has("e"));
        var row = new float[again.Width];
        again.Get("ccc", row);
        Assert.Equal([3f, -3f, 0.75f, 0.25f, 30f], row);
        again.Get("e", row);                                                    // not known: encoded now
        Assert.Equal([1f, -1f, 0.5f, 0.5f, 10f], row);
    }

    [Fact]
    public void Progress_counts_all_texts_however_the_encoder_counts_its_own()
    {
        using var encoder = new Lengths();
        using var cache = EncodingCache.Open(_folder, encoder);
        var told = new List<double>();
        cache.Encode(Enumerable.Range(0, 1500).Select(n => $"text {n}"), new Told(told));
        Assert.Equal([0, 1024, 1024, 1500, 1500], told);                        // two parts, each told once by the encoder when it is done
    }

    private sealed class Told(List<double> done) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            Assert.Equal(("encoding texts", 1500.0), (value.Stage, value.Total));
            done.Add(value.Done);
        }
    }

    [Fact]
    public void Many_threads_may_ask_at_once()
    {
        using var encoder = new Lengths();
        using var cache = EncodingCache.Open(_folder, encoder);
        string[] texts = [.. Enumerable.Range(1, 300).Select(n => new string('x', n))];
        Parallel.For(0, 8, part =>
        {
            cache.Encode(texts.Skip(part * 20));
            var row = new float[cache.Width];
            foreach (var text in texts.Skip(part * 20))
            {
                cache.Get(text, row);
                Assert.Equal(text.Length, row[0]);
            }
        });
        Assert.Equal(300, cache.Encoded);
        Assert.Equal(300, encoder.Asked.Count);
    }

    [Fact]
    public void Another_model_or_other_labels_share_nothing()
    {
        using var first = new Lengths();
        using (var cache = EncodingCache.Open(_folder, first)) cache.Encode(["a"]);
        using var other = new Lengths { Identity = "another" };
        using var cache2 = EncodingCache.Open(_folder, other);
        Assert.False(cache2.Has("a"));
        using var renamed = new Lengths { Heads = [new("long", HeadKind.Classification, ["nein", "ja"]), new("tens", HeadKind.Regression, [])] };
        using var cache3 = EncodingCache.Open(_folder, renamed);
        Assert.False(cache3.Has("a"));
    }

    [Theory, InlineData(float.NaN, 2, "gave NaN for the embedding"), InlineData(0f, 3, "gave 3 numbers for the embedding of a text; expected are 2")]
    public void Answers_that_are_no_numbers_are_refused_and_not_kept(float first, int width, string said)
    {
        using var encoder = new Lengths { Broken = [.. Enumerable.Repeat(first, width)] };
        using var cache = EncodingCache.Open(_folder, encoder);
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => cache.Encode(["a"])).Message, StringComparison.Ordinal);
        Assert.False(cache.Has("a"));
    }

    // Says how long a text is.
    private sealed class Lengths : ITextEncoder
    {
        public List<string> Asked { get; } = [];
        public float[]? Broken { get; init; }
        public string Identity { get; init; } = "lengths";
        public int Width => 2;
        public IReadOnlyList<TextHead> Heads { get; init; } = [new("long", HeadKind.Classification, ["no", "yes"]), new("tens", HeadKind.Regression, [])];

        public EncodedTexts Encode(IReadOnlyList<string> texts, IProgress<StageProgress>? progress = null, CancellationToken cancellation = default)
        {
            lock (Asked) Asked.AddRange(texts);
            progress?.Report(new("a batch", texts.Count, texts.Count, "texts"));
            return new([.. texts.Select(t => Broken ?? [t.Length, -t.Length])], new Dictionary<string, float[][]>
            {
                ["long"] = [.. texts.Select(t => new[] { t.Length / (1f + t.Length), 1 / (1f + t.Length) })], ["tens"] = [.. texts.Select(t => new[] { 10f * t.Length })],
            });
        }

        public void Dispose() { }
    }
}
