using CustomerValue.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerValue.Core.Tests.Text;

/// <summary>Texts drawn from what makes trouble: both languages, marks, addresses, tags, emoji, halves of characters, spaces and invisible characters.</summary>
internal static class DrawnText
{
    private static readonly string[] s_pieces =
    [
        "a", "b", "Z", "oooo", "not", "don't", "的", "手机", "不好", "體", "很", "ア", "한", "é", "e\u0301", "3", "10", "，", "！", "!", "?", ".", "-", "'", "_", "<", ">", "<b>", "</b>", "<!--", "<3", "@", "a@b.example",
        "http://", "https://x.example/a", "www.", "www.x", ":", ":-)", "(", ")", "=", "👍", "👍🏽", "😊", "❤", "\uFE0F", "\u200D", "\uD83D", "\uDC4D", " ", "  ", "\t", "\n", "\u3000", "\u200B", "\uFEFF", "\0", "Ａ", "＂", "𠀀",
    ];

    public static Gen<string> Any { get; } = Gen.Choose(0, int.MaxValue).Select(Of);

    private static string Of(int seed)
    {
        var random = new SplitMix64((ulong)seed);
        return string.Concat(Enumerable.Range(0, random.Below(25)).Select(_ => s_pieces[random.Below(s_pieces.Length)]));
    }
}
