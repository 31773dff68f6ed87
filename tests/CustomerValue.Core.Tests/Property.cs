using FsCheck;
using FsCheck.Fluent;

namespace CustomerValue.Tests;

/// <summary>Laws tried on many drawn examples, the same ones in every run; a failing one is shown.</summary>
internal static class Property
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithReplay(20050101, 1).WithMaxTest(300);

    public static void Holds<T>(Gen<T> examples, Action<T> law) => Prop.ForAll(examples.ToArbitrary(), law).Check(s_config);

    /// <summary>Numbers from <paramref name="low"/> to <paramref name="high"/>, spread evenly over their logarithms.</summary>
    public static Gen<double> Between(double low, double high) => Gen.Choose(0, 1_000_000).Select(i => low * Math.Pow(high / low, i / 1e6));
}
