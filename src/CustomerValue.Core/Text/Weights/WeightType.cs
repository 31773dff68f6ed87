namespace CustomerValue.Text.Weights;

/// <summary>How a weight's numbers are stored.</summary>
public enum WeightType
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a 32-bit floating point number.</summary>
    BFloat16,

    /// <summary>64-bit floating point.</summary>
    Float64,

    /// <summary>64-bit integer.</summary>
    Int64,

    /// <summary>32-bit integer.</summary>
    Int32,

    /// <summary>16-bit integer.</summary>
    Int16,

    /// <summary>8-bit integer.</summary>
    Int8,

    /// <summary>8-bit integer without sign.</summary>
    UInt8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>Sizes and names of <see cref="WeightType"/>.</summary>
public static class WeightTypes
{
    private static readonly (WeightType Type, string Name, int Bytes)[] s_all =
    [
        (WeightType.Float32, "F32", 4), (WeightType.Float16, "F16", 2), (WeightType.BFloat16, "BF16", 2), (WeightType.Float64, "F64", 8), (WeightType.Int64, "I64", 8),
        (WeightType.Int32, "I32", 4), (WeightType.Int16, "I16", 2), (WeightType.Int8, "I8", 1), (WeightType.UInt8, "U8", 1), (WeightType.Bool, "BOOL", 1),
    ];

    /// <summary>Bytes of one number.</summary>
    public static int Bytes(this WeightType type) => s_all[(int)type].Bytes;

    /// <summary>The name that safetensors gives it, such as BF16.</summary>
    public static string Label(this WeightType type) => s_all[(int)type].Name;

    internal static WeightType? Named(string? name) => Array.FindIndex(s_all, t => t.Name == name) is >= 0 and var at ? s_all[at].Type : null;
}
