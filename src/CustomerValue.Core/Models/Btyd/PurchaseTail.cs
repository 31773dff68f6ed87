using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CustomerValue.Models.Btyd;

/// <summary>P(Y ≥ j): how likely a customer is to make at least so many purchases in a horizon.</summary>
/// <remarks>
/// Over a time τ a living customer makes N purchases, negative binomial with shape n = r + x and odds y = τ / (α + T). The τ are weighed: one, the horizon, in the
/// beta-geometric models, where j purchases are made when N ≥ j and the customer stays after each of the first j - 1, with probability (b)_{j-1} / (a+b)_{j-1};
/// in Pareto/NBD the lifetimes that the horizon may see (Fader and Hardie 2014, "Deriving the Conditional PMF of the Pareto/NBD Model").
/// </remarks>
internal static class PurchaseTail
{
    /// <summary>Where a tail ends: what is less likely isn't written.</summary>
    public const double Negligible = 1e-12;

    // Beyond, (1 + y)^(-n) would be too small for a double, and stepping up from it would stay at 0.
    private const double DeepestStart = 600;

    // Up to here stepping from number to number is faster than going to one directly.
    private const double MostSteps = 1000;

    /// <summary>Fills in P(Y ≥ j) for ascending j, up to where it is negligible.</summary>
    /// <param name="alive">Probability that the customer is alive now.</param>
    /// <param name="shape">n = r + x.</param>
    /// <param name="stays">a and b of the probability of stopping after a purchase; (0, 1) where purchases don't end it.</param>
    /// <param name="weight">[a multiple of 8]: probability of each length of time.</param>
    /// <param name="odds">[as weight]: y; 0 where the weight is only there to fill a vector.</param>
    /// <param name="purchases">Ascending whole numbers from 1 up.</param>
    /// <param name="atLeast">[as purchases]</param>
    /// <returns>How many were written.</returns>
    public static int Fill(
        double alive, double shape, (double A, double B) stays, ReadOnlySpan<double> weight, ReadOnlySpan<double> odds, ReadOnlySpan<double> purchases, Span<double> atLeast)
    {
        var weights = MemoryMarshal.Cast<double, Vector512<double>>(weight);
        var y = MemoryMarshal.Cast<double, Vector512<double>>(odds);
        Span<Vector512<double>> exactly = stackalloc Vector512<double>[weights.Length];    // weight times P(N = j - 1)
        Span<Vector512<double>> z = stackalloc Vector512<double>[weights.Length];
        double furthest = 0, tail = 0, stay = 1, made = 1;                                 // made: the j that all of them stand at
        for (var i = 0; i < weight.Length; i++)
        {
            furthest = Math.Max(furthest, odds[i]);
            tail -= weight[i] * Special.ExpM1(-shape * Special.Log1P(odds[i]));
        }
        var steps = shape * Special.Log1P(furthest) < DeepestStart;
        for (var k = 0; k < y.Length; k++)
        {
            var all = Vector512<double>.One + y[k];
            (exactly[k], z[k]) = (weights[k] * Vector512.Exp(-shape * Vector512.Log(all)), y[k] / all);
        }

        for (var i = 0; i < purchases.Length; i++)
        {
            var j = purchases[i];
            if (steps &= j <= MostSteps)
                for (; made < j; made++)
                {
                    tail -= Step(exactly, z, (shape + made - 1) / made);
                    stay *= (stays.B + made - 1) / (stays.A + stays.B + made - 1);
                }
            else
            {
                tail = Direct(shape, weight, odds, j);
                stay = stays.A == 0 ? 1 : Math.Exp(GammaFunctions.LogBeta(stays.A, stays.B + j - 1) - GammaFunctions.LogBeta(stays.A, stays.B));
            }
            atLeast[i] = Math.Clamp(alive * tail * stay, 0, i == 0 ? 1 : atLeast[i - 1]);
            if (atLeast[i] < Negligible) return i;
        }
        return purchases.Length;
    }

    /// <summary>One purchase more in every lane; returns the sum.</summary>
    private static double Step(Span<Vector512<double>> exactly, ReadOnlySpan<Vector512<double>> z, double growth)
    {
        var sum = Vector512<double>.Zero;
        for (var k = 0; k < z.Length; k++) sum += exactly[k] *= growth * z[k];
        return Vector512.Sum(sum);
    }

    private static double Direct(double shape, ReadOnlySpan<double> weight, ReadOnlySpan<double> odds, double j)
    {
        double sum = 0;
        var (a, b, logBeta) = (Vector512.Create(j), Vector512.Create(shape), Vector512.Create(GammaFunctions.LogBeta(j, shape)));
        for (var k = 0; k < weight.Length; k += Vector512<double>.Count)
        {
            // A lane that only fills has odds of 0; any finite logarithm will do.
            var logOdds = Vector512.Log(Vector512.Max(Vector512.Create(odds[k..]), Vector512.Create(1e-300)));
            sum += Vector512.Sum(Vector512.Create(weight[k..]) * IncompleteBeta.Lower(a, b, logOdds, logBeta, out _));
        }
        return sum;
    }
}
