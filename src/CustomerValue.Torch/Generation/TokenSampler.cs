namespace CustomerValue.Torch.Generation;

/// <summary>Chooses the next token from logits: the same token from the same logits and seed on every machine.</summary>
/// <param name="options">How.</param>
/// <param name="stream">The prompt's number among all that share the seed.</param>
internal sealed class TokenSampler(GenerationOptions options, long stream)
{
    private SplitMix64 _chance = SplitMix64.Stream(options.Seed, stream);

    /// <summary>The token.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="allowed">Ids that may come; null for all.</param>
    internal int Next(ReadOnlySpan<float> logits, IReadOnlyList<int>? allowed)
    {
        if (options.Temperature == 0) return Likeliest(logits, allowed);
        var ids = allowed?.ToArray() ?? [.. Enumerable.Range(0, logits.Length)];
        var scores = new double[ids.Length];
        Array.Sort(ids);                                                        // equal scores stand in the order of ids
        for (var i = 0; i < ids.Length; i++) scores[i] = -Finite(logits[ids[i]]);
        var order = Enumerable.Range(0, ids.Length).OrderBy(i => scores[i]).ToArray();          // stable
        var kept = options.TopK > 0 ? Math.Min(options.TopK, order.Length) : order.Length;
        var weights = new double[kept];
        var total = 0.0;
        for (var i = 0; i < kept; i++) total += weights[i] = Exp((scores[order[0]] - scores[order[i]]) / options.Temperature);
        if (options.TopP < 1)
        {
            var (enough, sum, count) = (options.TopP * total, 0.0, 0);
            while (count < kept && sum < enough) sum += weights[count++];
            (kept, total) = (count, sum);
        }
        var left = _chance.Unit() * total;
        for (var i = 0; i < kept - 1; i++)
        {
            left -= weights[i];
            if (left < 0) return ids[order[i]];
        }
        return ids[order[kept - 1]];
    }

    private static int Likeliest(ReadOnlySpan<float> logits, IReadOnlyList<int>? allowed)
    {
        var (best, value) = (-1, double.NegativeInfinity);
        if (allowed is null)
        {
            for (var id = 0; id < logits.Length; id++)
                if (best < 0 || logits[id] > value) (best, value) = (id, Finite(logits[id]));
        }
        else
        {
            foreach (var id in allowed)
                if (best < 0 || logits[id] > value || logits[id] == value && id < best) (best, value) = (id, Finite(logits[id]));
        }
        return best;
    }

    private static double Finite(float logit) => !float.IsNaN(logit) ? logit
        : throw new InvalidDataException("The model's logits aren't numbers: its weights are damaged, or were trained until they overflowed. Take the folder from its source again.");

    // e^x for x <= 0 from additions and products only, which every machine rounds alike; the system's own may differ in the last bit.
    internal static double Exp(double x)
    {
        if (x < -700) return 0;
        var doublings = Math.Floor(x * 1.4426950408889634 + 0.5);
        var rest = x - doublings * 0.693145751953125 - doublings * 1.4286068203094172e-6;       // |rest| <= ln 2 / 2; ln 2 in two parts, the first exact (Cody and Waite)
        var (term, sum) = (1.0, 1.0);
        for (var n = 1; n <= 16; n++)
        {
            term = term * rest / n;
            sum += term;
        }
        return Math.ScaleB(sum, (int)doublings);
    }
}
