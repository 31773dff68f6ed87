using System.Globalization;
using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>How a shop writes points in time: a .NET date pattern such as <c>dd/MM/yyyy HH:mm</c>, or <c>iso</c>, <c>unix</c>, <c>unix_ms</c>.
/// A pattern without a year may name it: <c>MMMM d in 2016</c>.</summary>
/// <remarks>Times are the shop's local times. A zone behind an ISO time is accepted and left alone: the clock reads as it was written.</remarks>
internal sealed class DateFormat
{
    private const string YearGiven = " in ";
    private readonly (char Kind, int Width)[]? _digits;     // a pattern of digit groups and literals, read without a string; null for others
    private readonly (string Pattern, string After) _exact;  // what .NET is asked to read, and what is put behind a value first

    private DateFormat(string pattern)
    {
        Pattern = pattern;
        _exact = Exact(pattern);
        _digits = Compile(pattern);
    }

    /// <summary>The pattern as written in the mapping.</summary>
    public string Pattern { get; }

    /// <summary>Takes a pattern from a mapping; null when .NET doesn't know it as one.</summary>
    public static DateFormat? From(string pattern)
    {
        if (pattern is "iso" or "unix" or "unix_ms") return new(pattern);
        var sample = new DateTime(2001, 10, 29, 13, 57, 46);
        try
        {
            var exact = Exact(pattern).Pattern;
            var written = sample.ToString(exact, CultureInfo.InvariantCulture);
            return DateTime.TryParseExact(written, exact, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read.Date == sample.Date ? new(pattern) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads one value; false when it isn't written this way.</summary>
    public bool TryRead(ReadOnlySpan<byte> value, out DateTime at) => Pattern switch
    {
        "iso" => TryIso(value, out at),
        "unix" => TryUnix(value, TimeSpan.TicksPerSecond, out at),
        "unix_ms" => TryUnix(value, TimeSpan.TicksPerMillisecond, out at),
        _ => _digits is null ? TryPattern(value, out at) : TryDigits(value, out at),
    };

    // The year goes behind the value, so that .NET reads both as one date: the 29th of February is a day of some years only.
    private static (string Pattern, string After) Exact(string pattern) =>
        pattern.LastIndexOf(YearGiven, StringComparison.Ordinal) is >= 0 and var at && pattern[(at + YearGiven.Length)..] is { Length: 4 } year && year.All(char.IsAsciiDigit)
            ? (pattern[..at] + " yyyy", " " + year) : (pattern, "");

    private static (char, int)[]? Compile(string pattern)
    {
        var groups = new List<(char, int)>();
        for (var at = 0; at < pattern.Length;)
        {
            var run = 1;
            while (at + run < pattern.Length && pattern[at + run] == pattern[at]) run++;
            switch (pattern[at], run)
            {
                case ('y', 4) or ('M' or 'd' or 'H' or 'm' or 's', 1 or 2):
                    groups.Add((pattern[at], run));
                    break;
                case ('-' or '/' or '.' or ' ' or ':' or 'T', _):
                    for (var i = 0; i < run; i++) groups.Add(('\0', pattern[at]));
                    break;
                default: return null;
            }
            at += run;
        }
        return [.. groups];
    }

    private bool TryDigits(ReadOnlySpan<byte> value, out DateTime at)
    {
        at = default;
        int year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0, from = 0;
        foreach (var (kind, width) in _digits!)
        {
            if (kind == '\0')
            {
                if (from >= value.Length || value[from++] != width) return false;
                continue;
            }
            if (!TryNumber(value, ref from, width, width == 1 ? 2 : width, out var number)) return false;
            switch (kind)
            {
                case 'y': year = number; break;
                case 'M': month = number; break;
                case 'd': day = number; break;
                case 'H': hour = number; break;
                case 'm': minute = number; break;
                default: second = number; break;
            }
        }
        return from == value.Length && TryMake(year, month, day, hour, minute, second, out at);
    }

    /// <summary>2011-12-09, 2011-12-09 12:50, 2011-12-09T12:50:07.25Z, 20111209: the date, and as much of the time as there is.</summary>
    private static bool TryIso(ReadOnlySpan<byte> value, out DateTime at)
    {
        at = default;
        int from = 0, hour = 0, minute = 0, second = 0;
        if (!TryNumber(value, ref from, 4, 4, out var year)) return false;
        var dashed = from < value.Length && value[from] == '-';
        if (dashed) from++;
        if (!TryNumber(value, ref from, 2, 2, out var month)) return false;
        if (dashed && (from >= value.Length || value[from++] != '-')) return false;
        if (!TryNumber(value, ref from, 2, 2, out var day)) return false;
        long fraction = 0;
        if (from < value.Length)
        {
            if (value[from] is not ((byte)' ' or (byte)'T')) return false;
            from++;
            if (!TryNumber(value, ref from, 2, 2, out hour) || from >= value.Length || value[from++] != ':' || !TryNumber(value, ref from, 2, 2, out minute)) return false;
            if (from < value.Length && value[from] == ':')
            {
                from++;
                if (!TryNumber(value, ref from, 2, 2, out second)) return false;
                if (from < value.Length && value[from] == '.')
                {
                    var unit = TimeSpan.TicksPerSecond;
                    var first = ++from;
                    for (; from < value.Length && char.IsAsciiDigit((char)value[from]); from++) fraction += (value[from] - '0') * (unit /= 10);
                    if (from == first) return false;
                }
            }
            if (from < value.Length && !IsZone(value[from..])) return false;
        }
        if (!TryMake(year, month, day, hour, minute, second, out at)) return false;
        at = at.AddTicks(fraction - fraction % TimeSpan.TicksPerMicrosecond);     // the warehouse keeps microseconds
        return true;
    }

    private static bool IsZone(ReadOnlySpan<byte> rest) =>
        rest is [(byte)'Z'] || rest is [(byte)'+' or (byte)'-', _, _, ..] && rest.Length is 3 or 5 or 6 && rest[1..].IndexOfAnyExcept("0123456789:"u8) < 0;

    private static bool TryUnix(ReadOnlySpan<byte> value, long ticks, out DateTime at)
    {
        at = default;
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units)) return false;
        if (Math.Abs(units) > (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / ticks) return false;
        var total = DateTime.UnixEpoch.Ticks + units * ticks;
        if (total < 0) return false;
        at = new DateTime(total);
        return true;
    }

    private bool TryPattern(ReadOnlySpan<byte> value, out DateTime at)
    {
        at = default;
        return value.Length <= 64 && DateTime.TryParseExact(Encoding.UTF8.GetString(value) + _exact.After, _exact.Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out at);
    }

    private static bool TryNumber(ReadOnlySpan<byte> value, ref int from, int least, int most, out int number)
    {
        number = 0;
        var first = from;
        while (from < value.Length && from - first < most && (uint)(value[from] - '0') <= 9) number = number * 10 + value[from++] - '0';
        return from - first >= least;
    }

    private static bool TryMake(int year, int month, int day, int hour, int minute, int second, out DateTime at)
    {
        at = default;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        at = new DateTime(year, month, day, hour, minute, second);
        return true;
    }
}
