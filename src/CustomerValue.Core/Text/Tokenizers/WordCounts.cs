using System.Runtime.InteropServices;

namespace CustomerValue.Text.Tokenizers;

/// <summary>Counts BERT's words in texts, several texts at a time; what comes out doesn't depend on the number of threads.</summary>
internal static class WordCounts
{
    private const int TextsATime = 4096;

    /// <summary>Each word with how often it stands in the texts, in ordinal order.</summary>
    public static (List<(string Word, long Count)> Words, long Characters) Of(IEnumerable<string> texts, BertTextOptions options, int longestWord, int threads, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        var (text, gate, all) = (new BertText(options), new Lock(), new Dictionary<string, long>());
        var (read, characters) = (0L, 0L);
        Parallel.ForEach(texts.Chunk(TextsATime), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new Dictionary<string, long>(),
            (chunk, _, counts) =>
            {
                var words = counts.GetAlternateLookup<ReadOnlySpan<char>>();
                BertText.OnWord onWord = word =>
                {
                    if (word.Length <= longestWord) CollectionsMarshal.GetValueRefOrAddDefault(words, word, out var _)++;
                };
                foreach (var one in chunk) text.Words(one, onWord);
                Interlocked.Add(ref characters, chunk.Sum(t => (long)t.Length));
                progress?.Report(new("counting words", Interlocked.Add(ref read, chunk.Length), null, "texts"));
                return counts;
            },
            counts =>
            {
                lock (gate)
                    foreach (var (word, count) in counts) CollectionsMarshal.GetValueRefOrAddDefault(all, word, out var _) += count;
            });
        List<(string Word, long Count)> sorted = [.. all.Select(p => (p.Key, p.Value))];
        sorted.Sort((a, b) => string.CompareOrdinal(a.Word, b.Word));
        return (sorted, characters);
    }
}
