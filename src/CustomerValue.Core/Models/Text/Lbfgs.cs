using System.Numerics;

namespace CustomerValue.Models.Text;

/// <summary>Finds the least value of a smooth convex function of very many variables.</summary>
/// <remarks>Liu and Nocedal (1989), "On the limited memory BFGS method for large scale optimization"; backtracking line search (Armijo).</remarks>
internal static class Lbfgs
{
    private const int Memory = 7;

    /// <summary>Value and gradient at a point; the gradient is written into the array given.</summary>
    public delegate double Function(double[] at, double[] gradient);

    /// <summary>Walks from <paramref name="start"/> until the gradient is <paramref name="tolerance"/> times as long as at 0, or for <paramref name="most"/> steps.</summary>
    /// <returns>The point, the steps taken, and whether the tolerance was met.</returns>
    public static (double[] At, int Steps, bool Converged) Minimise(Function function, double[] start, double tolerance, int most, CancellationToken cancellation)
    {
        var (at, gradient, next, nextGradient) = ((double[])start.Clone(), new double[start.Length], new double[start.Length], new double[start.Length]);
        function(new double[start.Length], gradient);
        var enough = tolerance * Length(gradient);
        var value = function(at, gradient);
        var direction = new double[start.Length];
        var pairs = new List<(double[] Step, double[] Change, double Curvature)>();
        for (var steps = 0; ; steps++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Length(gradient) <= enough) return (at, steps, true);
            if (steps == most) return (at, steps, false);
            Direct(gradient, pairs, direction);
            var slope = Dot(direction, gradient);
            var size = pairs.Count == 0 ? Math.Min(1, 1 / Length(gradient)) : 1.0;
            double reached;
            while (true)
            {
                for (var i = 0; i < at.Length; i++) next[i] = at[i] + size * direction[i];
                reached = function(next, nextGradient);
                if (reached <= value + 1e-4 * size * slope) break;
                size /= 2;
                if (size < 1e-12) return (at, steps, false);      // rounding: no step downhill can be told from none
            }
            var full = pairs.Count == Memory;
            var (step, change) = full ? (pairs[0].Step, pairs[0].Change) : (new double[at.Length], new double[at.Length]);
            if (full) pairs.RemoveAt(0);
            for (var i = 0; i < at.Length; i++) (step[i], change[i]) = (next[i] - at[i], nextGradient[i] - gradient[i]);
            if (Dot(step, change) is var curvature && curvature > 1e-12 * Dot(change, change)) pairs.Add((step, change, curvature));
            ((at, next), (gradient, nextGradient), value) = ((next, at), (nextGradient, gradient), reached);
        }
    }

    /// <summary>direction = -H gradient, by the two loops of the paper.</summary>
    private static void Direct(double[] gradient, List<(double[] Step, double[] Change, double Curvature)> pairs, double[] direction)
    {
        gradient.CopyTo(direction, 0);
        Span<double> shares = stackalloc double[Memory];
        for (var p = pairs.Count - 1; p >= 0; p--)
        {
            shares[p] = Dot(pairs[p].Step, direction) / pairs[p].Curvature;
            LinearModel.AddScaled(pairs[p].Change, -shares[p], direction);
        }
        if (pairs.Count > 0)
        {
            var scale = pairs[^1].Curvature / Dot(pairs[^1].Change, pairs[^1].Change);
            for (var i = 0; i < direction.Length; i++) direction[i] *= scale;
        }
        for (var p = 0; p < pairs.Count; p++) LinearModel.AddScaled(pairs[p].Step, shares[p] - Dot(pairs[p].Change, direction) / pairs[p].Curvature, direction);
        for (var i = 0; i < direction.Length; i++) direction[i] = -direction[i];
    }

    private static double Length(double[] vector) => Math.Sqrt(Dot(vector, vector));

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sums, width, i) = (Vector<double>.Zero, Vector<double>.Count, 0);
        for (; i <= a.Length - width; i += width) sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
