namespace CustomerValue.Models.Btyd;

/// <summary>The factor L of a small symmetric positive definite matrix M = L Lᵀ, row by row in one array.</summary>
internal static class Cholesky
{
    /// <summary>Overwrites the lower triangle of <paramref name="matrix"/> [n, n] with its factor; false when it isn't positive definite.</summary>
    public static bool Factor(double[] matrix, int n)
    {
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i * n + j];
                for (var k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
                if (i != j) matrix[i * n + j] = sum / matrix[j * n + j];
                else if (sum > 1e-14 * Math.Abs(matrix[i * n + i]) && double.IsFinite(sum)) matrix[i * n + i] = Math.Sqrt(sum);
                else return false;
            }
        return true;
    }

    /// <summary>Overwrites <paramref name="right"/> [n] with the solution of M x = right.</summary>
    public static void Solve(double[] factor, int n, double[] right)
    {
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) right[i] -= factor[i * n + k] * right[k];
            right[i] /= factor[i * n + i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) right[i] -= factor[k * n + i] * right[k];
            right[i] /= factor[i * n + i];
        }
    }
}
