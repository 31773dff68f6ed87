namespace CustomerValue.Text;

/// <summary>Which characters are emoji, and what mood the commonest emoji and emoticons tell of.</summary>
internal static class EmojiSigns
{
    public const string Happy = "<happy>", Sad = "<sad>", Other = "<emoji>";

    // A choice of our own: faces, hearts and hands that are plain in reviews and chats. All others tell that an emoji stood there, no more.
    private const string HappySigns = "😀😁😂😃😄😅😆😇😉😊😋😌😍😎😗😘😙😚😛😜😝😸😹😺😻😽🙂🙃🙌🙏🤗🤣🤤🤩🥰🥳👍👌👏💪🎉🎊💯❤♥💕💖💗💘💙💚💛💜💞💝🌹✨⭐★🌟😏☺✌👄💋";
    private const string SadSigns = "😐😑😒😓😔😕😖😞😟😠😡😢😣😤😥😦😧😨😩😪😫😬😭😮😰😱😲😳😵😷😾😿🙀🙁🙄🤐🤒🤔🤕🤢🤥🤧🤨🤬🤮🥺👎💔💩☹😶❌⚠🖕👊";

    private static readonly HashSet<int> s_happy = [.. HappySigns.EnumerateRunes().Select(r => r.Value)];
    private static readonly HashSet<int> s_sad = [.. SadSigns.EnumerateRunes().Select(r => r.Value)];

    private static readonly (string Text, bool Happy)[] s_emoticons =
    [
        (":-)", true), (":)", true), (":-D", true), (":D", true), (";-)", true), (";)", true), ("=)", true), (":-P", true), (":P", true), ("<3", true), ("^_^", true), ("^^", true), ("(:", true),
        (":-(", false), (":(", false), (":'(", false), (":-/", false), (":-|", false), (":|", false), ("=(", false), ("T_T", false), ("T.T", false), ("-_-", false), (">_<", false), ("):", false),
    ];

    public static bool IsEmoji(int codePoint) =>
        codePoint is >= 0x1F000 and <= 0x1FAFF or >= 0x2600 and <= 0x27BF or 0x2B50 or 0x2B55 or 0x231A or 0x231B or >= 0x23E9 and <= 0x23FA;

    /// <summary>Colours of skin, which change an emoji's look and not its mood.</summary>
    public static bool IsSkinTone(int codePoint) => codePoint is >= 0x1F3FB and <= 0x1F3FF;

    public static string Signal(int codePoint) => s_happy.Contains(codePoint) ? Happy : s_sad.Contains(codePoint) ? Sad : Other;

    /// <summary>An emoticon that begins at <paramref name="at"/> and isn't part of a longer word or number; 0 characters where there is none.</summary>
    public static (int Length, string Signal) Emoticon(ReadOnlySpan<char> text, int at)
    {
        if (text[at] is not (':' or ';' or '=' or '<' or '^' or 'T' or '-' or '>' or '(' or ')')) return default;
        if (at > 0 && char.IsLetterOrDigit(text[at - 1]) && text[at - 1] < 0x80) return default;
        foreach (var (sign, happy) in s_emoticons)
        {
            if (!text[at..].StartsWith(sign, StringComparison.Ordinal)) continue;
            var end = at + sign.Length;
            if (end < text.Length && text[end] < 0x80 && char.IsLetterOrDigit(text[end])) continue;
            return (sign.Length, happy ? Happy : Sad);
        }
        return default;
    }
}
