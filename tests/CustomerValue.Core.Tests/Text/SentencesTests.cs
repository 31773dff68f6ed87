using CustomerValue.Text;

namespace CustomerValue.Tests.Text;

public class SentencesTests
{
    [Theory]
    [InlineData("很好。下次再来！")]
    [InlineData("It broke after 2.5 days. \"Never again!\" I want my money back?! Thanks...")]
    [InlineData("one line\nanother line\n\n")]
    [InlineData("no end")]
    [InlineData("   ")]
    public void Together_they_are_the_text(string text) => Assert.Equal(text, string.Concat(Sentences.Of(text)));

    [Theory]
    [InlineData("很好。下次再来！", "很好。|下次再来！")]
    [InlineData("It broke after 2.5 days. \"Never again!\" I want my money back?! Thanks...", "It broke after 2.5 days.|\"Never again!\"|I want my money back?!|Thanks...")]
    [InlineData("还行……就是慢。。。", "还行……|就是慢。。。")]
    [InlineData("Good. :) Bad.", "Good.|:) Bad.")]
    [InlineData("Good! 😀", "Good! 😀")]
    [InlineData("no end", "no end")]
    public void Each_end_is_found(string text, string sentences) => Assert.Equal(sentences.Split('|'), Sentences.Of(text).Select(s => s.Trim()));

    [Fact]
    public void Nothing_has_none() => Assert.Empty(Sentences.Of(""));
}
