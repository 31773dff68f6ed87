using CustomerValue.Tests;
using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public class WordSegmenterTests
{
    [Theory]
    [InlineData("这个手机的屏幕很好", "这个|手机|的|屏幕|很好")]
    [InlineData("电池不耐用。", "电池|不|耐用")]
    [InlineData("I don't like the wi-fi, 5.5 inches", "I|don't|like|the|wi-fi|5.5|inches")]
    [InlineData("买了iPhone 14手机👍 <url>", "买|了|iPhone|14|手机|👍|<url>")]
    [InlineData("", "")]
    public void Cuts_texts_into_words(string text, string words) => Assert.Equal(words, string.Join('|', WordSegmenter.Words(text)));

    [Fact]
    public void Words_lie_in_order_and_cover_all_but_space() => Property.Holds(DrawnText.Any, text =>
    {
        var covered = new bool[text.Length];
        var end = 0;
        foreach (var word in WordSegmenter.Segment(text))
        {
            Assert.True(word.Start >= end && word.Length > 0);
            end = word.Start + word.Length;
            covered.AsSpan(word.Start, word.Length).Fill(true);
        }
        for (var at = 0; at < text.Length; at++) Assert.NotEqual(char.IsWhiteSpace(text[at]), covered[at]);
    });

    [Fact]
    public void Threads_dont_disturb_one_another()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(n => $"第{n}个手机的屏幕很好，但是电池不耐用")];
        var alone = texts.Select(t => string.Join('|', WordSegmenter.Words(t))).ToArray();
        Assert.Equal(alone, texts.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(t => string.Join('|', WordSegmenter.Words(t))).ToArray());
    }
}
