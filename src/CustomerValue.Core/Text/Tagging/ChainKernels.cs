using System.Runtime.Intrinsics;

namespace CustomerValue.Text.Tagging;

/// <summary>The few vector operations of a linear chain, over rows whose length is a multiple of <see cref="Width"/>. Eight lanes on every machine, so sums come out alike.</summary>
internal static class ChainKernels
{
    public const int Width = 8;

    public static int Padded(int labels) => (labels + Width - 1) / Width * Width;

    public static float Sum(ReadOnlySpan<float> row)
    {
        var sum = Vector256<float>.Zero;
        for (var at = 0; at < row.Length; at += Width) sum += Vector256.Create(row.Slice(at, Width));
        return Vector256.Sum(sum);
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector256<float>.Zero;
        for (var at = 0; at < a.Length; at += Width) sum += Vector256.Create(a.Slice(at, Width)) * Vector256.Create(b.Slice(at, Width));
        return Vector256.Sum(sum);
    }

    /// <summary>to = a * b, element by element.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> to)
    {
        for (var at = 0; at < a.Length; at += Width) (Vector256.Create(a.Slice(at, Width)) * Vector256.Create(b.Slice(at, Width))).CopyTo(to.Slice(at, Width));
    }

    public static void Scale(Span<float> row, float by)
    {
        for (var at = 0; at < row.Length; at += Width) (Vector256.Create<float>(row.Slice(at, Width)) * by).CopyTo(row.Slice(at, Width));
    }

    /// <summary>to += by * a.</summary>
    public static void AddScaled(ReadOnlySpan<float> a, float by, Span<float> to)
    {
        for (var at = 0; at < a.Length; at += Width) (Vector256.Create<float>(to.Slice(at, Width)) + Vector256.Create(a.Slice(at, Width)) * by).CopyTo(to.Slice(at, Width));
    }

    /// <summary>to += by * a * b.</summary>
    public static void AddProduct(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float by, Span<float> to)
    {
        for (var at = 0; at < a.Length; at += Width)
            (Vector256.Create<float>(to.Slice(at, Width)) + Vector256.Create(a.Slice(at, Width)) * Vector256.Create(b.Slice(at, Width)) * by).CopyTo(to.Slice(at, Width));
    }

    /// <summary>Keeps in <paramref name="best"/> and <paramref name="from"/>, for each label, the better of what stands there and (score + row).</summary>
    public static void KeepBetter(ReadOnlySpan<float> row, float score, int label, Span<float> best, Span<int> from)
    {
        var number = Vector256.Create(label);
        for (var at = 0; at < row.Length; at += Width)
        {
            var (offered, stands) = (Vector256.Create(row.Slice(at, Width)) + Vector256.Create(score), Vector256.Create<float>(best.Slice(at, Width)));
            var better = Vector256.GreaterThan(offered, stands);
            Vector256.ConditionalSelect(better, offered, stands).CopyTo(best.Slice(at, Width));
            Vector256.ConditionalSelect(better.AsInt32(), number, Vector256.Create<int>(from.Slice(at, Width))).CopyTo(from.Slice(at, Width));
        }
    }
}
