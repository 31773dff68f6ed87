using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public class StopWordsTests
{
    [Fact]
    public void No_negation_is_a_stop_word()
    {
        foreach (var negation in StopWords.Negations) Assert.False(StopWords.Both.Contains(negation), negation);
        foreach (var negation in new[] { "not", "don't", "never", "no", "不", "没", "没有", "无" })
        {
            Assert.True(StopWords.IsNegation(negation), negation);
            Assert.False(StopWords.Both.With([negation]).Contains(negation), negation);
        }
    }

    [Fact]
    public void Small_words_of_both_languages_are_stop_words_whatever_the_case()
    {
        Assert.True(StopWords.Both.Contains("The"));
        Assert.True(StopWords.Both.Contains("的"));
        Assert.False(StopWords.English.Contains("的"));
        Assert.False(StopWords.Both.Contains("size"));
        Assert.True(StopWords.Both.With(["size"]).Contains("SIZE"));
    }
}
