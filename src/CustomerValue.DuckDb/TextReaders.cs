using CustomerValue.Features;
using CustomerValue.Text;
using CustomerValue.Text.Embeddings;

namespace CustomerValue.DuckDb;

/// <summary>Who reads whose texts at a cutoff, and what was read before: one encoder for all customers, or one for each group of them (<see cref="IFoldedEncoderSource"/>).</summary>
/// <param name="encoders">[groups]; disposed of with this.</param>
/// <param name="group">The group of a customer's id; null where there is one.</param>
internal sealed class TextReaders(IReadOnlyList<ITextEncoder> encoders, Func<string, int>? group) : IDisposable
{
    private readonly List<EncodingCache> _caches = [];

    /// <summary>The encoders' identities.</summary>
    public string Identity => string.Join(' ', encoders.Select(e => e.Identity));

    /// <summary>How many groups.</summary>
    public int Groups => encoders.Count;

    /// <summary>Numbers of a text.</summary>
    public int Width => _caches[0].Width;

    /// <summary>Texts that passed through an encoder.</summary>
    public long Encoded => _caches.Sum(c => c.Encoded);

    /// <summary>What each encoder has read; after <see cref="Open"/>.</summary>
    public IReadOnlyList<EncodingCache> Caches => _caches;

    /// <summary>Opens what was read before.</summary>
    public void Open(string folder)
    {
        foreach (var encoder in encoders) _caches.Add(EncodingCache.Open(folder, encoder));
    }

    /// <summary>A customer's group.</summary>
    public int GroupOf(string customerId) => group?.Invoke(customerId) ?? 0;

    /// <summary>[customers of the unit]: each one's group.</summary>
    public int[] GroupsOf(Session session, FeatureUnit unit, int customers) => group is null ? new int[customers]
        : [.. session.Rows($"SELECT customer_id FROM read_parquet({Query.Literal(unit.Customers)}) ORDER BY customer", r => r.GetString(0)).Select(group)];

    public void Dispose()
    {
        foreach (var cache in _caches) cache.Dispose();
        foreach (var encoder in encoders) encoder.Dispose();
    }
}
