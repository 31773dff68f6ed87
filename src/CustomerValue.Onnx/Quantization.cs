using System.Numerics.Tensors;

namespace CustomerValue.Onnx;

/// <summary>Weights as signed bytes: each row or column has a scale of its own, 0 stays 0, and the largest becomes the limit.</summary>
internal static class Quantization
{
    /// <summary>Largest whole number: 127 of 8 bits, 63 of 7.</summary>
    public static int Limit(int bits) => (1 << bits - 1) - 1;

    /// <summary>[rows, width]: a scale a row.</summary>
    public static (sbyte[] Bytes, float[] Scales) Rows(float[] values, int width, int limit)
    {
        var (bytes, scales) = (new sbyte[values.Length], new float[values.Length / width]);
        for (var row = 0; row < scales.Length; row++)
        {
            var from = values.AsSpan(row * width, width);
            scales[row] = Scale(MathF.Abs(TensorPrimitives.MaxMagnitude<float>(from)), limit);
            for (var at = 0; at < width; at++) bytes[row * width + at] = Whole(from[at], scales[row], limit);
        }
        return (bytes, scales);
    }

    /// <summary>[rows, width]: a scale a column.</summary>
    public static (sbyte[] Bytes, float[] Scales) Columns(float[] values, int width, int limit)
    {
        var (bytes, largest) = (new sbyte[values.Length], new float[width]);
        for (var at = 0; at < values.Length; at += width) TensorPrimitives.MaxMagnitude(largest, values.AsSpan(at, width), largest);
        float[] scales = [.. largest.Select(l => Scale(MathF.Abs(l), limit))];
        for (var at = 0; at < values.Length; at++) bytes[at] = Whole(values[at], scales[at % width], limit);
        return (bytes, scales);
    }

    /// <summary>[rows, width] as [width, rows].</summary>
    public static float[] Transposed(float[] values, int rows, int width)
    {
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
            for (var at = 0; at < width; at++) turned[at * rows + row] = values[row * width + at];
        return turned;
    }

    // All zero: any scale does, as long as nothing is divided by zero.
    private static float Scale(float largest, int limit) => largest > 0 && largest / limit > 0 ? largest / limit : 1;

    private static sbyte Whole(float value, float scale, int limit) => (sbyte)Math.Clamp(MathF.Round(value / scale), -limit, limit);
}
