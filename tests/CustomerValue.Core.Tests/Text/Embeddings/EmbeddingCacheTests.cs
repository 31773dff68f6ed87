using CustomerValue.Text.Embeddings;

namespace CustomerValue.Core.Tests.Text.Embeddings;

public sealed class EmbeddingCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embeddings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static float[] Vector(int seed) => [seed, seed + 0.5f, -seed];

    [Fact]
    public void What_was_kept_is_found_again_by_text_and_by_identity()
    {
        using (var cache = EmbeddingCache.Open(_folder, "model a", 3))
            for (var i = 0; i < 100; i++) cache.Add($"text {i}", Vector(i));
        using var again = EmbeddingCache.Open(_folder, "model a", 3);
        var found = new float[3];
        Assert.Equal(100, again.Count);
        Assert.True(again.TryGet("text 42", found));
        Assert.Equal(Vector(42), found);
        Assert.False(again.TryGet("text 100", found));
        using var other = EmbeddingCache.Open(_folder, "model b", 3);
        Assert.False(other.TryGet("text 42", found));
    }

    [Fact]
    public void A_record_that_a_crash_cut_short_is_dropped_wherever_it_was_cut()
    {
        string path;
        using (var cache = EmbeddingCache.Open(_folder, "m", 3))
        {
            path = cache.FilePath;
            for (var i = 0; i < 3; i++) cache.Add($"text {i}", Vector(i));
        }
        var whole = File.ReadAllBytes(path);
        var record = (whole.Length - 16) / 3;
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var cache = EmbeddingCache.Open(_folder, "m", 3);
            Assert.Equal(length < 16 ? 0 : (length - 16) / record, cache.Count);
            cache.Add("after", Vector(9));
            var found = new float[3];
            Assert.True(cache.TryGet("after", found));
            Assert.Equal(Vector(9), found);
            if (cache.Count > 1) Assert.True(cache.TryGet("text 0", found));
        }
    }

    [Fact]
    public void A_damaged_record_is_no_answer()
    {
        string path;
        using (var cache = EmbeddingCache.Open(_folder, "m", 3))
        {
            path = cache.FilePath;
            cache.Add("text", Vector(1));
        }
        var bytes = File.ReadAllBytes(path);
        bytes[50] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var again = EmbeddingCache.Open(_folder, "m", 3);
        Assert.False(again.TryGet("text", new float[3]));
    }

    [Fact]
    public void A_second_process_is_refused_in_words()
    {
        using var first = EmbeddingCache.Open(_folder, "m", 3);
        Assert.Contains("another process has it open", Assert.Throws<IOException>(() => EmbeddingCache.Open(_folder, "m", 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_file_is_refused()
    {
        string path;
        using (var cache = EmbeddingCache.Open(_folder, "m", 3)) path = cache.FilePath;
        File.WriteAllText(path, "something else entirely");
        Assert.Contains("no cache of embeddings", Assert.Throws<InvalidDataException>(() => EmbeddingCache.Open(_folder, "m", 3)).Message, StringComparison.Ordinal);
    }
}
