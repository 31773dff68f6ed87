using System.Text;

namespace CustomerValue.Ingestion;

/// <summary>Gives one string for equal bytes as long as they come often enough; memory is bounded whatever comes.</summary>
/// <remarks>Each text has one slot, by its hash; a text that finds another in its slot takes it over.</remarks>
/// <param name="make">Makes the string for bytes that aren't held.</param>
internal sealed class TextCache(TextCache.Maker make)
{
    public delegate string Maker(ReadOnlySpan<byte> utf8);

    private const int Slots = 1 << 14;
    private readonly (byte[] Key, string Text)[] _slots = new (byte[], string)[Slots];

    /// <summary>A cache of the texts themselves.</summary>
    public TextCache() : this(Encoding.UTF8.GetString) { }

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        ref var slot = ref _slots[(int)(StableHash.Of(utf8) & (Slots - 1))];
        if (slot.Key is { } key && utf8.SequenceEqual(key)) return slot.Text;
        slot = (utf8.ToArray(), make(utf8));
        return slot.Text;
    }
}
