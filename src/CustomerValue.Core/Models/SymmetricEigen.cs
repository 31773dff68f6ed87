namespace CustomerValue.Models;

/// <summary>Eigenvalues and eigenvectors of a real symmetric matrix, all of them, to rounding.</summary>
/// <remarks>Householder reflections make the matrix tridiagonal, the QL algorithm with implicit shifts makes it diagonal: procedures tred2 and tql2 of Martin, Reinsch and
/// Wilkinson (1968) and Bowdler and others (1968), in Wilkinson and Reinsch, "Handbook for Automatic Computation II". Plain sums in a fixed order: the same bits everywhere.</remarks>
internal static class SymmetricEigen
{
    // Some two steps a value are usual; EISPACK gives up after 30.
    private const int MostSteps = 60;
    private const double Epsilon = 1.0 / (1L << 52);

    /// <summary>Solves it.</summary>
    /// <param name="matrix">[n][n], symmetric; overwritten.</param>
    /// <returns>[n] values, largest first, and [n][n] vectors of length 1, one a row, each with its entry of largest size positive.</returns>
    /// <exception cref="InvalidOperationException">The matrix holds numbers that aren't finite.</exception>
    public static (double[] Values, double[][] Vectors) Of(double[][] matrix)
    {
        var n = matrix.Length;
        if (n == 0) return ([], []);
        if (matrix.Any(row => row.Any(v => !double.IsFinite(v))))
            throw new InvalidOperationException("A matrix has eigenvalues where all its numbers are finite, and these aren't. Look for features that aren't numbers.");
        var (d, e) = (new double[n], new double[n]);
        Tridiagonal(matrix, d, e);
        Diagonal(matrix, d, e);
        foreach (var vector in matrix) PointUp(vector);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => d[i])];
        return ([.. order.Select(i => d[i])], [.. order.Select(i => matrix[i])]);
    }

    // v[j][k] is row k of column j: every inner loop runs along an array.
    private static void Tridiagonal(double[][] v, double[] d, double[] e)
    {
        var n = d.Length;
        for (var j = 0; j < n; j++) d[j] = v[j][n - 1];
        for (var i = n - 1; i > 0; i--)
        {
            double scale = 0, h = 0;
            for (var k = 0; k < i; k++) scale += Math.Abs(d[k]);
            if (scale == 0)
            {
                e[i] = d[i - 1];
                for (var j = 0; j < i; j++) (d[j], v[j][i], v[i][j]) = (v[j][i - 1], 0, 0);
            }
            else
            {
                for (var k = 0; k < i; k++) h += (d[k] /= scale) * d[k];
                var f = d[i - 1];
                var g = f > 0 ? -Math.Sqrt(h) : Math.Sqrt(h);
                (e[i], h, d[i - 1]) = (scale * g, h - f * g, f - g);
                Array.Clear(e, 0, i);
                for (var j = 0; j < i; j++)
                {
                    (f, var column) = (d[j], v[j]);
                    v[i][j] = f;
                    g = e[j] + column[j] * f;
                    for (var k = j + 1; k < i; k++)
                    {
                        g += column[k] * d[k];
                        e[k] += column[k] * f;
                    }
                    e[j] = g;
                }
                f = 0;
                for (var j = 0; j < i; j++) f += (e[j] /= h) * d[j];
                var half = f / (h + h);
                for (var j = 0; j < i; j++) e[j] -= half * d[j];
                for (var j = 0; j < i; j++)
                {
                    (f, g, var column) = (d[j], e[j], v[j]);
                    for (var k = j; k < i; k++) column[k] -= f * e[k] + g * d[k];
                    (d[j], column[i]) = (column[i - 1], 0);
                }
            }
            d[i] = h;
        }
        Accumulate(v, d);
        e[0] = 0;
    }

    // The reflections multiplied into one orthogonal matrix.
    private static void Accumulate(double[][] v, double[] d)
    {
        var n = d.Length;
        for (var i = 0; i < n - 1; i++)
        {
            (v[i][n - 1], v[i][i]) = (v[i][i], 1);
            var (h, next) = (d[i + 1], v[i + 1]);
            if (h != 0)
            {
                for (var k = 0; k <= i; k++) d[k] = next[k] / h;
                for (var j = 0; j <= i; j++)
                {
                    var (g, column) = (0.0, v[j]);
                    for (var k = 0; k <= i; k++) g += next[k] * column[k];
                    for (var k = 0; k <= i; k++) column[k] -= g * d[k];
                }
            }
            Array.Clear(next, 0, i + 1);
        }
        for (var j = 0; j < n; j++) (d[j], v[j][n - 1]) = (v[j][n - 1], 0);
        v[n - 1][n - 1] = 1;
    }

    private static void Diagonal(double[][] v, double[] d, double[] e)
    {
        var n = d.Length;
        for (var i = 1; i < n; i++) e[i - 1] = e[i];
        e[n - 1] = 0;
        var (shift, largest) = (0.0, 0.0);
        for (var l = 0; l < n; l++)
        {
            largest = Math.Max(largest, Math.Abs(d[l]) + Math.Abs(e[l]));
            var m = l;
            while (m < n - 1 && Math.Abs(e[m]) > Epsilon * largest) m++;
            for (var step = 0; m > l && Math.Abs(e[l]) > Epsilon * largest; step++)
            {
                if (step == MostSteps) throw new InvalidOperationException($"The eigenvalues of a matrix of {n} rows weren't found in {MostSteps} steps each.");
                shift += Sweep(v, d, e, l, m);
            }
            (d[l], e[l]) = (d[l] + shift, 0);
        }
    }

    /// <summary>One QL step on rows <paramref name="l"/> to <paramref name="m"/>; returns what was taken off the diagonal.</summary>
    private static double Sweep(double[][] v, double[] d, double[] e, int l, int m)
    {
        var g = d[l];
        var p = (d[l + 1] - g) / (2 * e[l]);
        var r = p < 0 ? -Hypot(p, 1) : Hypot(p, 1);
        (d[l], d[l + 1]) = (e[l] / (p + r), e[l] * (p + r));
        var (second, h) = (d[l + 1], g - d[l]);
        for (var i = l + 2; i < d.Length; i++) d[i] -= h;

        double c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0;
        var below = e[l + 1];
        p = d[m];
        for (var i = m - 1; i >= l; i--)
        {
            (c3, c2, s2) = (c2, c, s);
            (g, var turned) = (c * e[i], c * p);
            r = Hypot(p, e[i]);
            (e[i + 1], s, c) = (s * r, e[i] / r, p / r);
            p = c * d[i] - s * g;
            d[i + 1] = turned + s * (c * g + s * d[i]);
            var (first, other) = (v[i], v[i + 1]);
            for (var k = 0; k < first.Length; k++)
            {
                var was = other[k];
                other[k] = s * first[k] + c * was;
                first[k] = c * first[k] - s * was;
            }
        }
        p = -s * s2 * c3 * below * e[l] / second;
        (e[l], d[l]) = (s * p, c * p);
        return h;
    }

    private static double Hypot(double a, double b)
    {
        var (large, small) = (Math.Max(Math.Abs(a), Math.Abs(b)), Math.Min(Math.Abs(a), Math.Abs(b)));
        return large == 0 ? 0 : large * Math.Sqrt(1 + small / large * (small / large));
    }

    // Both signs solve the equations; one is chosen, so that the same data give the same columns.
    private static void PointUp(double[] vector)
    {
        var most = 0;
        for (var i = 1; i < vector.Length; i++) if (Math.Abs(vector[i]) > Math.Abs(vector[most]) * (1 + 1e-9)) most = i;
        if (vector[most] >= 0) return;
        for (var i = 0; i < vector.Length; i++) vector[i] = -vector[i];
    }
}
