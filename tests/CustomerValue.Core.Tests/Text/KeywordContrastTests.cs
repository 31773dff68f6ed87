using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public class KeywordContrastTests
{
    private static KeywordContrast Counted(KeywordOptions options, params (string Text, bool InGroup, int Times)[] rows)
    {
        var contrast = new KeywordContrast(options);
        foreach (var (text, inGroup, times) in rows)
            for (var n = 0; n < times; n++) contrast.Add(text, inGroup);
        return contrast;
    }

    [Fact]
    public void Log_odds_are_those_of_the_paper()
    {
        // 40 words a group; refund 30 to 10, quality 10 to 30. With a prior of 8 words, alpha of refund is 8 * 40 / 80 = 4.
        var keywords = Counted(new() { PriorWords = 8, Pairs = false }, ("refund", true, 30), ("quality", true, 10), ("refund", false, 10), ("quality", false, 30)).Keywords();
        var refund = keywords[0];
        var expected = Math.Log(34.0 / 14) - Math.Log(14.0 / 34);
        Assert.Equal(("refund", 30, 10), (refund.Term, refund.InGroup, refund.InOthers));
        Assert.Equal(expected, refund.LogOdds, 12);
        Assert.Equal(expected / Math.Sqrt(1.0 / 34 + 1.0 / 14), refund.Z, 12);
        Assert.Equal(-refund.Z, keywords[1].Z, 12);
    }

    [Fact]
    public void Swapping_the_groups_turns_the_signs()
    {
        (string, bool, int)[] rows = [("not good at all", true, 9), ("fits well", true, 4), ("fits well", false, 12), ("not good", false, 2)];
        var there = Counted(new() { LeastCount = 1, LeastTexts = 1 }, rows).Keywords();
        var back = Counted(new() { LeastCount = 1, LeastTexts = 1 }, [.. rows.Select(r => (r.Item1, !r.Item2, r.Item3))]).Keywords().ToDictionary(k => (k.Term, k.IsPair));
        Assert.All(there, k => Assert.Equal(-k.Z, back[(k.Term, k.IsPair)].Z, 12));
        Assert.Contains(there, k => k.Term == "not good" && k.IsPair && k.Z > 0);
    }

    [Fact]
    public void Languages_are_counted_by_themselves()
    {
        var few = Counted(new() { Pairs = false }, ("退款", true, 20), ("质量", false, 20)).Keywords();
        var many = Counted(new() { Pairs = false }, ("退款", true, 20), ("质量", false, 20), ("fine size", true, 500)).Keywords();
        Assert.Equal(few[0].Z, many.Single(k => k.Term == "退款").Z, 12);
        Assert.Equal(TextLanguage.Chinese, few[0].Language);
    }

    [Fact]
    public void The_only_word_that_anyone_says_tells_nothing() =>
        Assert.Equal(0, Counted(new(), ("size", true, 9), ("size", false, 20)).Keywords().Single(k => !k.IsPair).Z);

    [Fact]
    public void Rare_terms_and_those_of_one_text_are_passed_by()
    {
        var keywords = Counted(new(), (string.Concat(Enumerable.Repeat("spam ", 50)), true, 1), ("ham", true, 9), ("size", false, 10)).Keywords();
        Assert.Equal(["size"], keywords.Select(k => k.Term));
    }
}
