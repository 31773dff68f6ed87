namespace CustomerValue.Models;

/// <summary>A layer of a network as it was learned, for one customer at a time: sums in double precision and in one order, so that an answer doesn't depend on whom it is asked with.</summary>
public sealed record DenseLayer
{
    /// <param name="weight">[outputs x inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <exception cref="ArgumentException">They don't fit one another.</exception>
    public DenseLayer(float[] weight, float[] bias)
    {
        if (bias.Length == 0 || weight.Length == 0 || weight.Length % bias.Length != 0)
            throw new ArgumentException($"A layer of {bias.Length} outputs has {weight.Length} weights, where as many for each output are expected.", nameof(weight));
        (Weight, Bias) = (weight, bias);
    }

    /// <summary>[outputs x inputs].</summary>
    public IReadOnlyList<float> Weight { get; }

    /// <summary>[outputs].</summary>
    public IReadOnlyList<float> Bias { get; }

    /// <summary>Numbers that go in.</summary>
    public int Inputs => Weight.Count / Bias.Count;

    /// <summary>W x + b.</summary>
    /// <param name="input">[inputs].</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public double[] Of(float[] input)
    {
        Check.SameLength(Inputs, input.Length, nameof(input));
        var (weight, bias, outputs) = ((float[])Weight, (float[])Bias, new double[Bias.Count]);
        for (var output = 0; output < outputs.Length; output++)
        {
            double sum = bias[output];
            for (var at = 0; at < input.Length; at++) sum += (double)weight[output * input.Length + at] * input[at];
            outputs[output] = sum;
        }
        return outputs;
    }
}
