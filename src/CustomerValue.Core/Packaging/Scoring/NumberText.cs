using System.Globalization;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Numbers from UTF-8 text, exactly rounded.</summary>
internal static class NumberText
{
    // 10^22 is the largest power of ten that a double holds exactly.
    private static readonly double[] s_powers = [.. Enumerable.Range(0, 23).Select(n => double.Parse($"1e{n}", CultureInfo.InvariantCulture))];

    private const ulong MostExact = 1UL << 53;

    /// <summary>Whether the text is a number, and which: as <see cref="double.Parse(string)"/> says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) => TryRead(text, out value, out var length) && length == text.Length
        || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>Reads the plain number that a text begins with: sign, digits, a point. False for all else, which goes the long way.</summary>
    /// <remarks>Digits up to 2^53 over a power of ten up to 10^22 are two exact numbers and one rounding (Clinger 1990); that is nearly all that tables hold.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> text, out double value, out int length)
    {
        var (i, negative) = (0, false);
        if (text.Length > 0 && text[0] == '-') (i, negative) = (1, true);
        var (digits, point, mantissa) = (0, -1, 0UL);
        for (; i < text.Length; i++)
        {
            var digit = (uint)text[i] - '0';
            if (digit < 10) { mantissa = mantissa * 10 + digit; digits++; }
            else if (text[i] == '.' && point < 0) point = i;
            else break;
        }
        length = i;
        if (digits is 0 or > 19) { value = 0; return false; }
        if (mantissa <= MostExact)
        {
            value = point < 0 ? mantissa : mantissa / s_powers[i - point - 1];
            if (negative) value = -value;
            return true;
        }
        return double.TryParse(text[..i], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
