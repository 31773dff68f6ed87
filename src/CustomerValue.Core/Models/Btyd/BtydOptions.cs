namespace CustomerValue.Models.Btyd;

/// <summary>How the models of purchase histories are fitted.</summary>
public sealed record BtydOptions
{
    /// <summary>Newton steps after which a fit gives up and says so.</summary>
    public int MaxIterations { get; init => field = Check.Within(value, 1, 10_000); } = 200;

    /// <summary>A fit has converged when no parameter's relative change moves the log-likelihood by more than this share of it.</summary>
    public double Tolerance { get; init => field = Check.Within(value, 1e-12, 1e-3); } = 1e-9;

    /// <summary>Threads to use. The result is the same bit for bit whatever the number: sums run over fixed blocks, in a fixed order.</summary>
    public int Threads { get; init => field = Check.Within(value, 1, 1024); } = Environment.ProcessorCount;
}
