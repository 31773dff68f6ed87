namespace CustomerValue.Decisions;

/// <summary>Where a customer stands between what they have been worth and whether they will order again.</summary>
public enum ValueSegment
{
    /// <summary>Worth much, and staying: look after them.</summary>
    Core,

    /// <summary>Worth much, and leaving: the first to be won back.</summary>
    AtRisk,

    /// <summary>Worth less, and staying: may grow.</summary>
    Promising,

    /// <summary>Worth less, and leaving: costs little to let go.</summary>
    Drifting,
}
