namespace CustomerValue.Cli.Conformance;

/// <summary>Published numbers of one subject.</summary>
/// <param name="subject">The models or the data, in words.</param>
/// <param name="data">Files, relative to the data folder, that it needs; none for formulas.</param>
internal abstract class PublishedNumbers(string subject, IReadOnlyList<string> data)
{
    public string Subject => subject;

    public IReadOnlyList<string> Data => data;

    /// <summary>The numbers, known without the data.</summary>
    public abstract IReadOnlyList<PublishedNumber> Numbers { get; }

    /// <summary>Computes ours, one after another, given the data folder.</summary>
    public abstract IEnumerable<ConformanceRow> Check(string folder, CancellationToken cancellation);
}

/// <summary>A published number and how to compute ours from what its subject was opened as.</summary>
internal sealed record Claim<T>(PublishedNumber Number, Func<T, double> Ours)
{
    /// <summary>The same number, where ours is known to differ.</summary>
    public Claim<T> Differs(double ours, string why) => this with { Number = Number with { Known = new(ours, why) } };
}

/// <summary>Published numbers of one subject that is opened once: data loaded, models fitted.</summary>
/// <param name="subject">The models or the data, in words.</param>
/// <param name="data">Files, relative to the data folder, that it needs.</param>
/// <param name="open">Opens the subject, given the data folder.</param>
/// <param name="claims">The numbers, in table order.</param>
internal sealed class PublishedNumbers<T>(string subject, IReadOnlyList<string> data, Func<string, CancellationToken, T> open, IEnumerable<Claim<T>> claims) : PublishedNumbers(subject, data)
    where T : IDisposable
{
    private readonly IReadOnlyList<Claim<T>> _claims = [.. claims];

    public override IReadOnlyList<PublishedNumber> Numbers => [.. _claims.Select(c => c.Number)];

    public override IEnumerable<ConformanceRow> Check(string folder, CancellationToken cancellation)
    {
        using var opened = open(folder, cancellation);
        foreach (var claim in _claims)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return ConformanceRow.Of(claim.Number, claim.Ours(opened));
        }
    }
}
