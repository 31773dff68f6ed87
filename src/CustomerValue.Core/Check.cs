using System.Runtime.CompilerServices;

namespace CustomerValue;

/// <summary>Argument checks that name the value, what was given and what is allowed.</summary>
public static class Check
{
    /// <summary>Returns <paramref name="value"/> when it lies in [low, high]; NaN never does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public static double Within(double value, double low, double high, [CallerMemberName] string name = "") =>
        value >= low && value <= high ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {low} and {high}.");

    /// <inheritdoc cref="Within(double,double,double,string)"/>
    public static int Within(int value, int low, int high, [CallerMemberName] string name = "") =>
        value >= low && value <= high ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {low} and {high}.");

    /// <summary>Returns <paramref name="value"/> when it is finite and above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero, negative, infinite or NaN.</exception>
    public static double Positive(double value, [CallerMemberName] string name = "") =>
        value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above 0.");

    /// <summary>Refuses two columns that should describe the same rows and differ in length.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SameLength(int expected, int found, string name)
    {
        if (expected != found)
            throw new ArgumentException($"{name} has {found} rows where {expected} are expected; one value per customer.", name);
    }
}
