namespace CustomerValue.Ingestion;

/// <summary>How a shop writes numbers: the decimal mark and, between groups of three digits, the thousands mark.</summary>
/// <param name="Decimal">Usually '.' or ','.</param>
/// <param name="Thousands">Null when groups aren't marked.</param>
internal readonly record struct NumberFormat(char Decimal = '.', char? Thousands = null)
{
    /// <summary>Reads a number exactly; false when it isn't one, or has more than 18 digits.</summary>
    /// <param name="value">The text, blanks around it allowed.</param>
    /// <param name="number">The number, without needless zeros behind the mark.</param>
    /// <param name="decimals">Digits behind the mark, zeros at the end not counted.</param>
    public bool TryRead(ReadOnlySpan<byte> value, out decimal number, out int decimals)
    {
        (number, decimals) = (0, 0);
        value = value.Trim(" \t"u8);
        var negative = value is [(byte)'-', ..];
        if (value is [(byte)'-' or (byte)'+', ..]) value = value[1..];
        var mark = value.LastIndexOf((byte)Decimal);
        var whole = mark < 0 ? value : value[..mark];
        var fraction = mark < 0 ? [] : value[(mark + 1)..].TrimEnd((byte)'0');
        if (whole.IsEmpty && (mark < 0 || value.Length == 1)) return false;
        var mantissa = 0L;
        int significant = 0, seen = 0, sinceMark = -1;       // digits from the first that isn't 0; digits; digits since a thousands mark, -1 before the first
        foreach (var b in whole)
        {
            if (Thousands is { } t && b == t)
            {
                if (seen == 0 || sinceMark != (sinceMark < 0 ? -1 : 3) || sinceMark < 0 && seen > 3) return false;
                sinceMark = 0;
                continue;
            }
            if ((uint)(b - '0') > 9 || (mantissa > 0 || b != '0') && ++significant > 18) return false;
            mantissa = mantissa * 10 + b - '0';
            seen++;
            if (sinceMark >= 0) sinceMark++;
        }
        if (sinceMark is not (-1 or 3) || fraction.Length > 27) return false;
        foreach (var b in fraction)
        {
            if ((uint)(b - '0') > 9 || (mantissa > 0 || b != '0') && ++significant > 18) return false;
            mantissa = mantissa * 10 + b - '0';
        }
        decimals = fraction.Length;
        number = new decimal((int)mantissa, (int)(mantissa >> 32), 0, negative, (byte)decimals);
        return true;
    }
}
