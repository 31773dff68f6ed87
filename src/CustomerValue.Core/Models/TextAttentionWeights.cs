using CustomerValue.Features;

namespace CustomerValue.Models;

/// <summary>A learned network from a customer's texts and features to one answer, for one customer at a time: texts are weighed by what they say and how old they are, joined with the features, and go through two layers.</summary>
/// <remarks>One place is always there that is no text: where it takes all the weight nothing was said that matters, or nothing at all.</remarks>
/// <param name="Look">From a text's vector and <see cref="ReadText.Told"/> to what is weighed.</param>
/// <param name="Choose">[A]: how that makes a weight.</param>
/// <param name="Nothing">[H]: the vector of no text.</param>
/// <param name="First">From the weighed vector and the features.</param>
/// <param name="Second">From the first layer.</param>
/// <param name="Head">To the four outputs that <see cref="JointCalibration"/> reads.</param>
public sealed record TextAttentionWeights(DenseLayer Look, float[] Choose, float[] Nothing, DenseLayer First, DenseLayer Second, DenseLayer Head)
{
    /// <summary>The outputs of one customer.</summary>
    /// <param name="vectors">[texts][H]: of the texts, newest first.</param>
    /// <param name="row">The customer.</param>
    /// <returns>[4].</returns>
    public double[] Of(IReadOnlyList<float[]> vectors, TextRow row)
    {
        float[][] said = [Nothing, .. vectors];
        var scores = said.Select((vector, slot) => Look.Of([.. vector, .. slot == 0 ? new float[ReadText.Facts] : row.Told[slot - 1]]).Select((x, k) => Math.Tanh(x) * Choose[k]).Sum()).ToArray();
        var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
        var total = weights.Sum();
        var pooled = new float[Nothing.Length];
        for (var k = 0; k < pooled.Length; k++)
        {
            var sum = 0.0;
            for (var slot = 0; slot < said.Length; slot++) sum += weights[slot] / total * said[slot][k];
            pooled[k] = (float)sum;
        }
        return Head.Of(Positive(Second.Of(Positive(First.Of([.. pooled, .. row.Features])))));
    }

    private static float[] Positive(double[] x) => Array.ConvertAll(x, v => (float)Math.Max(0, v));
}
