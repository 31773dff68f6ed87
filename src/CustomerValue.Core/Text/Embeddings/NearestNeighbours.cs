using System.Numerics;
using System.Runtime.InteropServices;

namespace CustomerValue.Text.Embeddings;

/// <summary>Finds the vectors closest to another one, by dot product: cosine similarity where vectors are normalised. Exact: every vector is looked at.</summary>
public sealed class NearestNeighbours
{
    // Vectors of a block that all queries of a thread are compared with while they are in the cache.
    private const int Block = 64;
    private readonly float[] _vectors;
    private readonly int _width;

    /// <param name="vectors">[N, W], row by row.</param>
    /// <param name="width">W.</param>
    /// <exception cref="ArgumentException">The numbers aren't whole rows.</exception>
    public NearestNeighbours(float[] vectors, int width)
    {
        if (width < 1 || vectors.Length % width != 0) throw new ArgumentException($"{vectors.Length} numbers aren't rows of {width}.", nameof(vectors));
        (_vectors, _width) = (vectors, width);
    }

    /// <summary>N: vectors to find.</summary>
    public int Count => _vectors.Length / _width;

    /// <summary>The closest vectors of each query, closest first; of equally close ones the earlier.</summary>
    /// <param name="queries">Q queries of [W].</param>
    /// <param name="count">How many of each; fewer where there are fewer vectors.</param>
    /// <param name="threads">Threads that look; the answer doesn't depend on it.</param>
    /// <param name="cancellation">Ends it between two queries.</param>
    /// <returns>[Q][count]: row of the vector, and the dot product.</returns>
    public (int Row, float Similarity)[][] Find(IReadOnlyList<float[]> queries, int count, int threads = 1, CancellationToken cancellation = default)
    {
        Check.Within(count, 1, int.MaxValue);
        if (queries.FirstOrDefault(q => q.Length != _width) is { } other) throw new ArgumentException($"A query has {other.Length} numbers; the vectors have {_width}.", nameof(queries));
        var found = new (int, float)[queries.Count][];
        const int together = 16;
        Parallel.For(0, (queries.Count + together - 1) / together, new() { MaxDegreeOfParallelism = Check.Within(threads, 1, 256), CancellationToken = cancellation }, part =>
        {
            var first = part * together;
            var best = Enumerable.Range(first, Math.Min(together, queries.Count - first)).Select(_ => new Best(Math.Min(count, Count))).ToArray();
            for (var start = 0; start < Count; start += Block)
                for (var q = 0; q < best.Length; q++)
                    for (var row = start; row < Math.Min(start + Block, Count); row++)
                        best[q].Offer(row, Dot(queries[first + q], _vectors.AsSpan(row * _width, _width)));
            for (var q = 0; q < best.Length; q++) found[first + q] = best[q].Sorted();
        });
        return found;
    }

    /// <summary>The dot product of two vectors of one width.</summary>
    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var va = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);             // two sums, so that one needn't wait for the other
        var i = 0;
        for (; i + 1 < va.Length; i += 2) (even, odd) = (even + va[i] * vb[i], odd + va[i + 1] * vb[i + 1]);
        if (i < va.Length) even += va[i] * vb[i];
        var sum = Vector.Sum(even + odd);
        for (i = va.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // The best so far, worst on top of the heap. NaN is never among them.
    private sealed class Best(int count)
    {
        private readonly PriorityQueue<int, (float Similarity, int Earlier)> _heap = new();

        internal void Offer(int row, float similarity)
        {
            if (float.IsNaN(similarity)) return;
            if (_heap.Count < count) _heap.Enqueue(row, (similarity, -row));
            else if (_heap.TryPeek(out _, out var worst) && similarity > worst.Similarity) _heap.EnqueueDequeue(row, (similarity, -row));
        }

        internal (int, float)[] Sorted()
        {
            var sorted = new (int, float)[_heap.Count];
            for (var i = sorted.Length - 1; i >= 0; i--)
            {
                _heap.TryDequeue(out var row, out var priority);
                sorted[i] = (row, priority.Similarity);
            }
            return sorted;
        }
    }
}
