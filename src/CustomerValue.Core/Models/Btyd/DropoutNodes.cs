namespace CustomerValue.Models.Btyd;

/// <summary>Room for the quadrature of one customer's <see cref="DropoutIntegral"/>: one element a node.</summary>
/// <param name="room">[<see cref="Room"/>], taken over.</param>
internal readonly ref struct DropoutNodes(Span<double> room)
{
    private const int Each = DropoutIntegral.MostNodes;

    /// <summary>Numbers that it needs.</summary>
    public const int Room = 5 * Each;

    /// <summary>Quadrature weight times s times the integrand, over its value at τ = 0.</summary>
    public readonly Span<double> Weight = room[..Each];

    /// <summary>ln((α+τ) / α).</summary>
    public readonly Span<double> LogAlpha = room.Slice(Each, Each);

    /// <summary>ln((β+τ) / β).</summary>
    public readonly Span<double> LogBeta = room.Slice(2 * Each, Each);

    /// <summary>1 / (α+τ).</summary>
    public readonly Span<double> InverseAlpha = room.Slice(3 * Each, Each);

    /// <summary>1 / (β+τ).</summary>
    public readonly Span<double> InverseBeta = room.Slice(4 * Each, Each);
}
