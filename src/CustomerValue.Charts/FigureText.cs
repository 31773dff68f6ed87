using System.Globalization;
using CustomerValue.Evaluation;

namespace CustomerValue.Charts;

/// <summary>What a number counts.</summary>
internal enum FigureKind
{
    /// <summary>A bare number.</summary>
    Number,

    /// <summary>Account currency.</summary>
    Amount,

    /// <summary>A share; 1 is all.</summary>
    Share,
}

/// <summary>Numbers as charts write them, the same in every culture; a minus is a minus sign, not a hyphen.</summary>
internal static class FigureText
{
    public static Phrase Amount(double amount) => Text(amount, "#,0.00");

    public static Phrase Share(double share) => $"{Text(100 * share, "0.0")} %";

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static Phrase Customers(long count) => count == 1 ? Phrase.Of($"{Count(count)} customer") : Phrase.Of($"{Count(count)} customers");

    public static Phrase Texts(long count) => count == 1 ? Phrase.Of($"{Count(count)} text") : Phrase.Of($"{Count(count)} texts");

    /// <summary>A bare number, as precisely as readers need it.</summary>
    public static Phrase Number(double value) => Text(value, Math.Abs(value) >= 100 ? "#,0" : Math.Abs(value) >= 10 ? "0.0" : Math.Abs(value) >= 0.1 || value == 0 ? "0.00" : "0.0000");

    /// <summary>A share in whole per cent, where there is little room.</summary>
    public static Phrase Percent(double share) => Text(100 * share, "0");

    /// <summary>A metric's figure, as precisely as it is told elsewhere.</summary>
    public static Phrase Of(Figure metric, double figure) => Kind(metric) switch
    {
        FigureKind.Amount => Amount(figure),
        FigureKind.Share => Share(figure),
        _ => Text(figure, "0.0000"),
    };

    /// <summary>A difference, with its sign.</summary>
    public static Phrase Difference(Figure metric, double difference) => $"{(difference > 0 ? "+" : "")}{Of(metric, difference)}";

    public static FigureKind Kind(Figure metric) => metric.Key switch
    {
        "mae" or "rmse" => FigureKind.Amount,
        "bias" or "decile_error" or "capture10" => FigureKind.Share,
        _ => FigureKind.Number,
    };

    /// <summary>The label of a tick.</summary>
    /// <param name="value">Where it is.</param>
    /// <param name="decimals">Decimals that tell it from its neighbours.</param>
    /// <param name="axis">The axis.</param>
    public static string Tick(double value, int decimals, Axis axis)
    {
        var share = axis.Kind == FigureKind.Share;
        if (value == 0) return share ? "0 %" : "0";
        var text = Figures(share ? 100 * value : value, "#,0" + (Math.Max(0, share ? decimals - 2 : decimals) is > 0 and var d ? "." + new string('0', d) : ""));
        return (axis.Signed && value > 0 ? "+" : "") + text + (share ? " %" : "");
    }

    private static Phrase Text(double value, string format) => double.IsNaN(value) ? $"not defined" : Phrase.Name(Figures(value, format));

    private static string Figures(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture) is var text && text.Any(c => c is > '0' and <= '9') ? text.Replace('-', '−') : text.TrimStart('-');
}
