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
    public static string Amount(double amount) => Text(amount, "#,0.00");

    public static string Share(double share) => Text(100 * share, "0.0") + " %";

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Customers(long count) => Count(count) + (count == 1 ? " customer" : " customers");

    public static string Texts(long count) => Count(count) + (count == 1 ? " text" : " texts");

    /// <summary>A bare number, as precisely as readers need it.</summary>
    public static string Number(double value) => Text(value, Math.Abs(value) >= 100 ? "#,0" : Math.Abs(value) >= 10 ? "0.0" : Math.Abs(value) >= 0.1 || value == 0 ? "0.00" : "0.0000");

    /// <summary>A share in whole per cent, where there is little room.</summary>
    public static string Percent(double share) => Text(100 * share, "0");

    /// <summary>A metric's figure, as precisely as it is told elsewhere.</summary>
    public static string Of(Figure metric, double figure) => Kind(metric) switch
    {
        FigureKind.Amount => Amount(figure),
        FigureKind.Share => Share(figure),
        _ => Text(figure, "0.0000"),
    };

    /// <summary>A difference, with its sign.</summary>
    public static string Difference(Figure metric, double difference) => (difference > 0 ? "+" : "") + Of(metric, difference);

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
        var text = Text(share ? 100 * value : value, "#,0" + (Math.Max(0, share ? decimals - 2 : decimals) is > 0 and var d ? "." + new string('0', d) : ""));
        return (axis.Signed && value > 0 ? "+" : "") + text + (share ? " %" : "");
    }

    private static string Text(double value, string format) => double.IsNaN(value) ? "not defined"
        : value.ToString(format, CultureInfo.InvariantCulture) is var text && text.Any(c => c is > '0' and <= '9') ? text.Replace('-', '−') : text.TrimStart('-');
}
