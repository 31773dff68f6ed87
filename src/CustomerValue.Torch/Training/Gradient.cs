using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Training;

/// <summary>The gradient of one weight in the processor's memory: of all its elements, or of some of its rows.</summary>
internal sealed class Gradient
{
    private const int Block = 1 << 15;
    private readonly Tensor? _dense;
    private readonly float[] _sparse = [];

    private Gradient(Tensor dense) => _dense = dense;

    private Gradient(int[] rows, float[] values) => (Rows, _sparse) = (rows, values);

    /// <summary>[rows]: which rows, each once and in rising order; null for all.</summary>
    public int[]? Rows { get; }

    /// <summary>The elements, row by row.</summary>
    public ReadOnlySpan<float> Values => _dense is null ? _sparse : MemoryMarshal.Cast<byte, float>(_dense.bytes);

    /// <summary>A weight's gradient; null where the loss didn't reach it. Belongs to the caller's dispose scope.</summary>
    public static Gradient? Of(TrainedWeight weight) => weight.Value.grad switch
    {
        null => null,
        { is_sparse: true } sparse => Summed(sparse, (int)weight.Value.shape[1]),
        // A product of matrices may leave it transposed.
        var dense => new(dense.is_contiguous() ? dense : dense.contiguous()),
    };

    // A row that stands several times in the batch has as many gradients; they are added up in the batch's order, so that the sum repeats.
    private static Gradient Summed(Tensor sparse, int width)
    {
        var indices = sparse.SparseIndices.data<long>().ToArray();
        var values = MemoryMarshal.Cast<byte, float>(sparse.SparseValues.contiguous().bytes);
        var order = Enumerable.Range(0, indices.Length).ToArray();
        Array.Sort([.. indices.Select((row, at) => ((ulong)row << 32) | (uint)at)], order);
        int[] rows = [.. order.Select(at => (int)indices[at]).Distinct()];
        var summed = new float[rows.Length * width];
        for (int i = 0, row = -1; i < order.Length; i++)
        {
            if (row < 0 || rows[row] != indices[order[i]]) row++;
            var to = summed.AsSpan(row * width, width);
            var from = values.Slice(order[i] * width, width);
            for (var at = 0; at < width; at++) to[at] += from[at];
        }
        return new(rows, summed);
    }

    /// <summary>Its squared length.</summary>
    public double SumOfSquares()
    {
        var sum = 0.0;
        // In blocks, so that the sum over millions of small numbers keeps its digits.
        for (var values = Values; values.Length > 0; values = values[Math.Min(Block, values.Length)..])
        {
            var block = values[..Math.Min(Block, values.Length)];
            var vectors = MemoryMarshal.Cast<float, Vector512<float>>(block);
            var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var i = 0; i + 1 < vectors.Length; i += 2) (even, odd) = (even + vectors[i] * vectors[i], odd + vectors[i + 1] * vectors[i + 1]);
            if (vectors.Length % 2 == 1) even += vectors[^1] * vectors[^1];
            sum += Vector512.Sum(even + odd);
            foreach (var value in block[(vectors.Length * Vector512<float>.Count)..]) sum += (double)value * value;
        }
        return sum;
    }
}
