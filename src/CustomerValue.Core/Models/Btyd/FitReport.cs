namespace CustomerValue.Models.Btyd;

/// <summary>One fitted parameter.</summary>
/// <param name="Name">The paper's symbol.</param>
/// <param name="Value">The maximum likelihood estimate.</param>
/// <param name="StandardError">From the curvature of the log-likelihood; null where it is flat or the parameter stands at a bound.</param>
/// <param name="AtBound">The likelihood still rises beyond the range searched: the data call for a limiting case of the model, such as nobody ever dropping out.</param>
public sealed record ParameterEstimate(string Name, double Value, double? StandardError, bool AtBound);

/// <summary>How a maximum likelihood fit went.</summary>
/// <param name="LogLikelihood">At the optimum, in nats, summed over customers.</param>
/// <param name="Customers">Customers that entered the fit.</param>
/// <param name="DistinctRows">Rows left after equal ones were collapsed.</param>
/// <param name="Iterations">Newton steps over all starts.</param>
/// <param name="Evaluations">Passes over the data over all starts.</param>
/// <param name="GradientNorm">Largest slope of the log-likelihood along the logarithm of a parameter that isn't at a bound; 0 at an exact optimum.</param>
/// <param name="Parameters">The estimates with their standard errors.</param>
public sealed record FitReport(
    double LogLikelihood, int Customers, int DistinctRows, int Iterations, int Evaluations, double GradientNorm, IReadOnlyList<ParameterEstimate> Parameters)
{
    /// <summary>Two reports are equal when all their numbers are.</summary>
    public bool Equals(FitReport? other) =>
        other is not null && LogLikelihood.Equals(other.LogLikelihood) && Customers == other.Customers && DistinctRows == other.DistinctRows
        && Iterations == other.Iterations && Evaluations == other.Evaluations && GradientNorm.Equals(other.GradientNorm) && Parameters.SequenceEqual(other.Parameters);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LogLikelihood, Customers, DistinctRows, Iterations, Evaluations, GradientNorm);
}
