namespace CustomerValue.Text;

/// <summary>What language a text is in, as far as the models care.</summary>
public enum TextLanguage
{
    /// <summary>None of the others: another language, or no words at all.</summary>
    Other,

    /// <summary>English.</summary>
    English,

    /// <summary>Chinese.</summary>
    Chinese,

    /// <summary>Chinese and English side by side.</summary>
    Mixed,
}
