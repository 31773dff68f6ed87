namespace CustomerValue.Models.Text;

/// <summary>Logits to probabilities that sum to 1.</summary>
internal static class Softmax
{
    /// <summary>Writes exp(z) / sum exp(z) in place of z.</summary>
    /// <returns>log sum exp(z).</returns>
    public static double InPlace(Span<double> logits)
    {
        var (highest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var z in logits) highest = Math.Max(highest, z);
        foreach (ref var z in logits) sum += z = Math.Exp(z - highest);
        foreach (ref var z in logits) z /= sum;
        return highest + Math.Log(sum);
    }
}
