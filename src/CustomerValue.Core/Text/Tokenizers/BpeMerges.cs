using System.Buffers;

namespace CustomerValue.Text.Tokenizers;

/// <summary>The merges of a byte-pair encoding, the earliest learned first. Immutable.</summary>
internal sealed class BpeMerges
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges;

    /// <param name="merges">The two tokens of each merge, in the order learned.</param>
    /// <param name="ids">Ids of all tokens.</param>
    /// <param name="where">Names a merge's place in its file, for errors.</param>
    /// <exception cref="InvalidDataException">A merge names a token that the vocabulary lacks, or stands there twice.</exception>
    public BpeMerges(IReadOnlyList<(string Left, string Right)> merges, Dictionary<string, int> ids, Func<int, string> where)
    {
        _merges = new(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            int Id(string token) => ids.TryGetValue(token, out var id) ? id
                : throw new InvalidDataException($"{where(rank)}: the merge of '{left}' and '{right}' needs the token '{token}', which the vocabulary lacks. Vocabulary and merges must come from the same model.");
            if (!_merges.TryAdd(Pair(Id(left), Id(right)), (rank, Id(left + right))))
                throw new InvalidDataException($"{where(rank)}: the merge of '{left}' and '{right}' stands there twice. Each pair may be merged by one rule.");
        }
    }

    /// <summary>Merges neighbours in <paramref name="ids"/>, the earliest learned merge first and the leftmost of equals, until none is left.</summary>
    /// <returns>How many ids remain, at the beginning of <paramref name="ids"/>.</returns>
    public int Apply(Span<int> ids)
    {
        if (ids.Length < 2) return ids.Length;
        if (ids.Length > 48) return ApplyQueued(ids);
        // Few ids: the next merge is found by looking at all of them.
        var length = ids.Length;
        Span<(int Rank, int Id)> merged = stackalloc (int, int)[48];
        for (var at = 0; at + 1 < length; at++) merged[at] = Find(ids[at], ids[at + 1]);
        while (true)
        {
            var best = 0;
            for (var at = 1; at + 1 < length; at++)
                if (merged[at].Rank < merged[best].Rank) best = at;
            if (length < 2 || merged[best].Rank == int.MaxValue) return length;
            ids[best] = merged[best].Id;
            ids[(best + 2)..length].CopyTo(ids[(best + 1)..]);
            if (best + 2 < length) merged[(best + 2)..(length - 1)].CopyTo(merged[(best + 1)..]);
            length--;
            if (best > 0) merged[best - 1] = Find(ids[best - 1], ids[best]);
            if (best + 1 < length) merged[best] = Find(ids[best], ids[best + 1]);
        }
    }

    /// <summary>The same in n log n: a linked list of ids, and the possible merges in a queue.</summary>
    private int ApplyQueued(Span<int> ids)
    {
        var count = ids.Length;
        var links = ArrayPool<int>.Shared.Rent(2 * count);
        Span<int> before = links.AsSpan(0, count), after = links.AsSpan(count, count);
        var queue = new PriorityQueue<(int At, int Left, int Right, int Id), (int Rank, int At)>(count);
        for (var at = 0; at < count; at++)
        {
            (before[at], after[at]) = (at - 1, at + 1 < count ? at + 1 : -1);
            if (at + 1 < count) Enqueue(queue, at, ids[at], ids[at + 1]);
        }
        const int Gone = -1;
        while (queue.TryDequeue(out var merge, out _))
        {
            var right = ids[merge.At] == merge.Left ? after[merge.At] : -1;
            if (right < 0 || ids[right] != merge.Right) continue;                       // a neighbour was merged meanwhile
            (ids[merge.At], ids[right], after[merge.At]) = (merge.Id, Gone, after[right]);
            if (after[right] >= 0)
            {
                before[after[right]] = merge.At;
                Enqueue(queue, merge.At, merge.Id, ids[after[right]]);
            }
            if (before[merge.At] >= 0) Enqueue(queue, before[merge.At], ids[before[merge.At]], merge.Id);
        }
        var kept = 0;
        foreach (var id in ids)
            if (id != Gone) ids[kept++] = id;
        ArrayPool<int>.Shared.Return(links);
        return kept;
    }

    private void Enqueue(PriorityQueue<(int, int, int, int), (int, int)> queue, int at, int left, int right)
    {
        var (rank, id) = Find(left, right);
        if (rank != int.MaxValue) queue.Enqueue((at, left, right, id), (rank, at));
    }

    private (int Rank, int Id) Find(int left, int right) => _merges.TryGetValue(Pair(left, right), out var merge) ? merge : (int.MaxValue, 0);

    private static long Pair(int left, int right) => (long)left << 32 | (uint)right;
}
