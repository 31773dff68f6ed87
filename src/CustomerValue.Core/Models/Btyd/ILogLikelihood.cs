namespace CustomerValue.Models.Btyd;

/// <summary>A log-likelihood with its derivatives.</summary>
internal interface ILogLikelihood
{
    /// <summary>The parameters, and the coordinates to search them in.</summary>
    ParameterSpace Space { get; }

    /// <summary>Customers behind it.</summary>
    int Customers { get; }

    /// <summary>Rows left after equal ones were collapsed.</summary>
    int DistinctRows { get; }

    /// <summary>The value at <paramref name="parameters"/>, with gradient and Hessian with respect to the parameters themselves.</summary>
    /// <param name="parameters">[P], all positive.</param>
    /// <param name="gradient">[P], overwritten.</param>
    /// <param name="hessian">[P, P], overwritten; the upper triangle is enough.</param>
    double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian);
}
