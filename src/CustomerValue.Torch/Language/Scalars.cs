using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace CustomerValue.Torch.Language;

/// <summary>Arithmetic of tensors with plain numbers, and sums of tensors, in which libtorch is given scalars that live as long as the process.</summary>
/// <remarks>
/// TorchSharp makes a scalar for every such operation, also the factor 1 of a sum, and nothing holds it while libtorch reads it: a thread that is interrupted just
/// there finds it freed by the garbage collector, and the sum is refused, or wrong. It happens once in millions of operations, so trainings of hours meet it.
/// Numbers that change from step to step belong into tensors of their own, not here: each that was ever used is kept.
/// </remarks>
internal static class Scalars
{
    private static readonly ConcurrentDictionary<double, Scalar> s_reals = [];
    private static readonly ConcurrentDictionary<long, Scalar> s_whole = [];
    private static readonly Scalar s_one = Of(1L);

    /// <summary>A whole number.</summary>
    internal static Scalar Of(long number) => s_whole.GetOrAdd(number, n => n.ToScalar());

    /// <summary>A number.</summary>
    internal static Scalar Of(double number) => s_reals.GetOrAdd(number, n => n.ToScalar());

    /// <summary>from, from + 1, ..., to - 1 as 64-bit integers.</summary>
    internal static Tensor Range(long from, long to, Device device) => arange(Of(from), Of(to), s_one, ScalarType.Int64, device);

    extension(Tensor x)
    {
        /// <summary>x + y.</summary>
        internal Tensor Plus(Tensor y) => x.add(y, s_one);

        /// <summary>x + number.</summary>
        internal Tensor Plus(double number) => x.add(Of(number), s_one);

        /// <summary>x + number, of whole numbers.</summary>
        internal Tensor Plus(long number) => x.add(Of(number), s_one);

        /// <summary>number x.</summary>
        internal Tensor Times(double number) => x.mul(Of(number));

        /// <summary>number x, of whole numbers.</summary>
        internal Tensor Times(long number) => x.mul(Of(number));

        /// <summary>x / number.</summary>
        internal Tensor Over(double number) => x.div(Of(number));
    }
}
