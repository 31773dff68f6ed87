namespace CustomerValue.Text.Weights;

/// <summary>Where a weight stands in its file.</summary>
/// <param name="Name">Its name, as published.</param>
/// <param name="Type">How its numbers are stored: little-endian, last dimension closest.</param>
/// <param name="Shape">Its dimensions; empty for a single number.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Bytes">Bytes of its numbers.</param>
public sealed record WeightInfo(string Name, WeightType Type, long[] Shape, long Offset, long Bytes)
{
    /// <summary>How many numbers.</summary>
    public long Count => Bytes / Type.Bytes();

    /// <summary>Such as F16 [384, 1536].</summary>
    public override string ToString() => $"{Name}: {Type.Label()} [{string.Join(", ", Shape)}]";
}
