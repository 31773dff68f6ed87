using CustomerValue.Testing;
using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public class LanguageDetectorTests
{
    [Theory]
    [InlineData("质量很好，下次还来", TextLanguage.Chinese)]
    [InlineData("iPhone很好用", TextLanguage.Chinese)]                       // one brand name
    [InlineData("The fabric is soft.", TextLanguage.English)]
    [InlineData("good", TextLanguage.English)]
    [InlineData("客服 very helpful and fast, 物流很快 great service", TextLanguage.Mixed)]
    [InlineData("Das Kleid ist sehr schön und passt mir nicht", TextLanguage.Other)]
    [InlineData("La robe est très belle mais pas pour moi", TextLanguage.Other)]
    [InlineData("とても良い商品でした", TextLanguage.Other)]
    [InlineData("정말 좋아요", TextLanguage.Other)]
    [InlineData("Очень хорошо", TextLanguage.Other)]
    [InlineData("12345 !!! 😊", TextLanguage.Other)]
    [InlineData("", TextLanguage.Other)]
    [InlineData("很好 <url>", TextLanguage.Chinese)]
    public void Tells_a_texts_language(string text, TextLanguage expected) => Assert.Equal(expected, LanguageDetector.Of(text));

    [Fact]
    public void Real_reviews_are_told_right()
    {
        var zh = TextColumn.Read(RealData.Need("chinese_reviews/online_shopping_10_cats.csv.gz"), "review").ToList();
        var en = TextColumn.Read(RealData.Need("womens_clothing_reviews/Womens Clothing E-Commerce Reviews.csv.gz"), "Review Text").Where(t => t.Text.Length > 0).ToList();
        Assert.Equal(62_774, zh.Count);
        Assert.True(zh.Count(t => LanguageDetector.Of(t.Text) is TextLanguage.Chinese or TextLanguage.Mixed) > 0.995 * zh.Count);
        Assert.True(en.Count(t => LanguageDetector.Of(t.Text) == TextLanguage.English) > 0.999 * en.Count);
    }
}
