namespace CustomerValue.Text.Weights;

/// <summary>How a model's weights are written to its folder.</summary>
public sealed record WeightStorage
{
    /// <summary>What published folders are cut at when nothing else is asked for.</summary>
    public const long UsualShardBytes = 5_000_000_000;

    /// <summary>How numbers are stored: single precision, or half of it (IEEE, or the upper half of single precision), rounded to the nearest, of two equally near ones the even.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another type.</exception>
    public WeightType Type
    {
        get;
        init => field = value is WeightType.Float32 or WeightType.Float16 or WeightType.BFloat16 ? value
            : throw new ArgumentOutOfRangeException(nameof(Type), value, $"{nameof(Type)} must be {WeightType.Float32}, {WeightType.Float16} or {WeightType.BFloat16}.");
    } = WeightType.Float32;

    /// <summary>Most bytes of numbers in one file; what is larger is cut into several, with an index. A weight that is larger alone has a file of its own.</summary>
    public long ShardBytes
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ShardBytes), value, $"{nameof(ShardBytes)} must be at least 1.");
    } = UsualShardBytes;

    /// <summary>The type as config.json names it, such as bfloat16.</summary>
    public string TypeName => Name(Type);

    /// <summary>A type as config.json names it, such as bfloat16.</summary>
    public static string Name(WeightType type) => type switch { WeightType.Float16 => "float16", WeightType.BFloat16 => "bfloat16", _ => "float32" };
}
