using System.Globalization;
using System.Numerics;

namespace CustomerValue.Packaging.Scoring;

/// <summary>Numbers from UTF-8 text, exactly rounded.</summary>
internal static class NumberText
{
    // 10^22 is the largest power of ten that a double holds exactly.
    private static readonly double[] s_powers = [.. Enumerable.Range(0, 23).Select(n => double.Parse($"1e{n}", CultureInfo.InvariantCulture))];

    // Powers of ten up to the last that 64 bits hold.
    private static readonly ulong[] s_whole = [.. Enumerable.Range(0, 20).Select(n => ulong.Parse("1" + new string('0', n), CultureInfo.InvariantCulture))];

    private const ulong MostExact = 1UL << 53;

    /// <summary>Whether the text is a number, and which: as <see cref="double.Parse(string)"/> says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) => TryRead(text, out value, out var length) && length == text.Length
        || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>Reads the plain number that a text begins with: sign, digits, a point. False for all else, which goes the long way.</summary>
    /// <remarks>Digits up to 2^53 over a power of ten up to 10^22 are two exact numbers and one rounding (Clinger 1990); up to 19 digits are divided in whole numbers.</remarks>
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
        var places = point < 0 ? 0 : i - point - 1;
        if (places >= s_whole.Length) return double.TryParse(text[..i], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        value = Quotient(mantissa, s_whole[places]);
        if (negative) value = -value;
        return true;
    }

    // The quotient of two whole numbers, rounded once, half to even: 63 or 64 of its bits by division of 128 bits by 64, and whether anything is left.
    private static double Quotient(ulong number, ulong divisor)
    {
        var (up, divisorUp) = (BitOperations.LeadingZeroCount(number), BitOperations.LeadingZeroCount(divisor));
        var (shifted, by) = (number << up, divisor << divisorUp);
        var whole = new UInt128(shifted >> 1, shifted << 63);
        var bits = (ulong)(whole / by);
        var left = whole - (UInt128)bits * by != UInt128.Zero;

        var drop = 64 - BitOperations.LeadingZeroCount(bits) - 53;
        var (kept, rest, half) = (bits >> drop, bits & ((1UL << drop) - 1), 1UL << (drop - 1));
        if (rest > half || rest == half && (left || (kept & 1) == 1)) kept++;
        return kept * BitConverter.UInt64BitsToDouble((ulong)(1023 + divisorUp - up - 63 + drop) << 52);
    }
}
