namespace CustomerValue.Text.Embeddings;

/// <summary>Groups of vectors that point the same way (spherical k-means, started by k-means++), for texts whose topics nobody has named.</summary>
/// <remarks>Vectors are taken relative to their mean first: what all texts share would make them look alike. Dhillon and Modha (2001); Arthur and Vassilvitskii (2007).</remarks>
public static class VectorClusters
{
    /// <summary>Each vector's cluster, and how close it is to its centre.</summary>
    /// <param name="vectors">N vectors of one width.</param>
    /// <param name="clusters">How many groups; fewer come out where there are fewer different vectors.</param>
    /// <param name="seed">Of the first centres; the same seed gives the same groups.</param>
    /// <param name="rounds">Most rounds; it ends earlier once nothing changes.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    /// <returns>[N]: the cluster, from 0, the largest first; and the cosine with its centre.</returns>
    public static (int[] Cluster, float[] Cosine) Of(IReadOnlyList<float[]> vectors, int clusters, int seed = 0, int rounds = 50, CancellationToken cancellation = default)
    {
        Check.Within(clusters, 1, 10_000);
        if (vectors.Count == 0) return ([], []);
        var units = Units(vectors);
        var centres = Start(units, clusters, seed);
        var (cluster, cosine) = (new int[units.Length], new float[units.Length]);
        for (var round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var changed = round == 0;
            for (var v = 0; v < units.Length; v++)
            {
                var (best, most) = (0, float.NegativeInfinity);
                for (var c = 0; c < centres.Count; c++)
                    if (NearestNeighbours.Dot(units[v], centres[c]) is var near && near > most) (best, most) = (c, near);
                changed |= cluster[v] != best;
                (cluster[v], cosine[v]) = (best, most);
            }
            if (!changed) break;
            for (var c = 0; c < centres.Count; c++) centres[c] = Centre(units, cluster, c) ?? centres[c];
        }
        int[] rank = [.. cluster.CountBy(c => c).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key)];
        return (Array.ConvertAll(cluster, c => Array.IndexOf(rank, c)), cosine);
    }

    private static float[][] Units(IReadOnlyList<float[]> vectors)
    {
        var mean = new double[vectors[0].Length];
        foreach (var vector in vectors)
            for (var k = 0; k < mean.Length; k++) mean[k] += vector[k] / vectors.Count;
        return [.. vectors.Select(vector => Unit([.. vector.Select((x, k) => (float)(x - mean[k]))]))];
    }

    private static float[] Unit(float[] vector)
    {
        var length = MathF.Sqrt(NearestNeighbours.Dot(vector, vector));
        return length > 0 ? Array.ConvertAll(vector, x => x / length) : vector;
    }

    // Each further centre is drawn among the vectors, the likelier the further it is from those there are.
    private static List<float[]> Start(float[][] units, int clusters, int seed)
    {
        var random = SplitMix64.Stream(seed, 0);
        var centres = new List<float[]> { units[random.Below(units.Length)] };
        var far = Array.ConvertAll(units, _ => double.MaxValue);
        while (centres.Count < clusters)
        {
            for (var v = 0; v < units.Length; v++) far[v] = Math.Min(far[v], Math.Max(0, 1 - NearestNeighbours.Dot(units[v], centres[^1])));
            var total = far.Sum();
            if (total <= 1e-6 * units.Length) break;
            var (drawn, at) = (random.Unit() * total, 0);
            while (at < units.Length - 1 && (drawn -= far[at]) > 0) at++;
            centres.Add(units[at]);
        }
        return centres;
    }

    private static float[]? Centre(float[][] units, int[] cluster, int c)
    {
        var sum = new double[units[0].Length];
        var any = false;
        for (var v = 0; v < units.Length; v++)
        {
            if (cluster[v] != c) continue;
            any = true;
            for (var k = 0; k < sum.Length; k++) sum[k] += units[v][k];
        }
        return any ? Unit(Array.ConvertAll(sum, x => (float)x)) : null;
    }
}
