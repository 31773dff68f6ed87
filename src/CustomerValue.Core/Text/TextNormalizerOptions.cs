namespace CustomerValue.Text;

/// <summary>What becomes of emoji and emoticons.</summary>
public enum EmojiForm
{
    /// <summary>They stay where they are.</summary>
    Keep,

    /// <summary>Emoji stay, each a word of its own between spaces.</summary>
    Apart,

    /// <summary>Emoji and emoticons such as :-) become &lt;happy&gt;, &lt;sad&gt; or &lt;emoji&gt;, between spaces: few tokens that a small model can learn.</summary>
    Signal,
}

/// <summary>What <see cref="TextNormalizer"/> makes alike.</summary>
public sealed record TextNormalizerOptions
{
    /// <summary>Full-width letters, digits and signs become half-width, 　 a space.</summary>
    public bool HalfWidth { get; init; } = true;

    /// <summary>Traditional Chinese characters become simplified ones, one for one.</summary>
    public bool Simplified { get; init; } = true;

    /// <summary>Capitals become small letters.</summary>
    public bool LowerCase { get; init; }

    /// <summary>HTML tags become spaces, entities the characters that they stand for.</summary>
    public bool Html { get; init; } = true;

    /// <summary>Stands for a web address; null leaves addresses as they are.</summary>
    public string? Url { get; init; } = "<url>";

    /// <summary>Stands for an e-mail address; null leaves addresses as they are.</summary>
    public string? Email { get; init; } = "<email>";

    /// <summary>What becomes of emoji.</summary>
    public EmojiForm Emoji { get; init; } = EmojiForm.Apart;

    /// <summary>A letter or mark that stands more often than this in a row is cut to so many; 0 leaves runs as they are. Digits are never cut.</summary>
    public int LongestRun { get; init => field = Check.Within(value, 0, 1000); } = 3;
}
