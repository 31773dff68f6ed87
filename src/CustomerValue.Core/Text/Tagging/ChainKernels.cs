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

    /// <summary>The labels whose scores and transitions have the largest sum (Viterbi); of equal ones the first.</summary>
    /// <param name="scores">[length, row]: of each label at each place; overwritten.</param>
    /// <param name="transitions">[labels + 1, row]: of a label after another; the last row is the start.</param>
    /// <param name="labels">Labels of a row; what is beyond is padding.</param>
    /// <param name="from">[length, row]: room to work in.</param>
    public static byte[] BestPath(Span<float> scores, ReadOnlySpan<float> transitions, int labels, Span<int> from)
    {
        var row = Padded(labels);
        var path = new byte[scores.Length / row];
        if (path.Length == 0) return path;
        Span<float> reached = stackalloc float[row];                    // a byte numbers labels, so a row is a kilobyte at most
        for (var at = 0; at < path.Length; at++)
        {
            if (at == 0) transitions.Slice(labels * row, row).CopyTo(reached);
            else
            {
                reached.Fill(float.NegativeInfinity);
                from.Slice(at * row, row).Clear();
                var before = scores.Slice((at - 1) * row, labels);
                for (var label = 0; label < labels; label++)
                    if (before[label] > ChainModel.Never / 2) KeepBetter(transitions.Slice(label * row, row), before[label], label, reached, from.Slice(at * row, row));
            }
            AddScaled(reached, 1, scores.Slice(at * row, row));
        }

        var last = scores.Slice((path.Length - 1) * row, labels);
        var best = 0;
        for (var label = 1; label < labels; label++) if (last[label] > last[best]) best = label;
        for (var at = path.Length - 1; at >= 0; at--)
        {
            path[at] = (byte)best;
            if (at > 0) best = from[at * row + best];
        }
        return path;
    }
}
