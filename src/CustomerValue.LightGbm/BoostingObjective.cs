using System.Globalization;

namespace CustomerValue.LightGbm;

/// <summary>Gradient and curvature of a loss of one's own, row by row.</summary>
/// <param name="predicted">[rows]: raw scores so far.</param>
/// <param name="labels">[rows]</param>
/// <param name="gradient">[rows]: to be filled with d loss / d score.</param>
/// <param name="hessian">[rows]: to be filled with the second derivative; above 0.</param>
public delegate void GradientFunction(ReadOnlySpan<double> predicted, ReadOnlySpan<float> labels, Span<float> gradient, Span<float> hessian);

/// <summary>What boosting minimises.</summary>
public sealed record BoostingObjective
{
    private BoostingObjective(string parameters, GradientFunction? gradient = null) => (Parameters, Gradient) = (parameters, gradient);

    /// <summary>Log loss of a label in {0, 1}; answers are probabilities.</summary>
    public static BoostingObjective Binary { get; } = new("objective=binary");

    /// <summary>Squared error.</summary>
    public static BoostingObjective Regression { get; } = new("objective=regression");

    /// <summary>Gamma deviance with log link, for labels above 0; answers are means.</summary>
    public static BoostingObjective Gamma { get; } = new("objective=gamma");

    /// <summary>Tweedie deviance with log link, for labels of 0 and above; answers are means.</summary>
    /// <param name="power">Variance power: near 1 as for counts, near 2 as for gamma amounts.</param>
    public static BoostingObjective Tweedie(double power = 1.5) =>
        new(Text($"objective=tweedie tweedie_variance_power={Check.Within(power, 1.0, 1.999)}"));

    /// <summary>Pinball loss: answers are the quantile at <paramref name="level"/>.</summary>
    public static BoostingObjective Quantile(double level) =>
        new(Text($"objective=quantile alpha={Check.Within(level, 1e-6, 1 - 1e-6)}"));

    /// <summary>A loss of one's own, by its derivatives; answers are raw scores, starting from 0.</summary>
    public static BoostingObjective Custom(GradientFunction gradient) => new("objective=none", gradient);

    internal string Parameters { get; }

    internal GradientFunction? Gradient { get; }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
