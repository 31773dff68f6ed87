using CustomerValue.Tests;
using CustomerValue.Text;

namespace CustomerValue.Core.Tests.Text;

public class TextNormalizerTests
{
    private static readonly TextNormalizer s_default = new();

    [Theory]
    [InlineData("ＡＢＣ１２３，　好！", "ABC123, 好!")]                                        // full-width
    [InlineData("a\u200Bb\uFEFFc\u0007d\u00ADe", "abcde")]                                     // zero-width, byte-order mark, bell, soft hyphen
    [InlineData("這個手機的螢幕很漂亮，買來送給媽媽", "这个手机的萤幕很漂亮,买来送给妈妈")]        // traditional
    [InlineData("sooooo gooood!!!!!!", "sooo goood!!!")]
    [InlineData("好好好好好好用 10000000", "好好好用 10000000")]                                 // digits are never cut
    [InlineData("<p>Great &amp; cheap</p><br/>5 &lt; 6", "Great & cheap 5 < 6")]
    [InlineData("<!DOCTYPE html><!-- a > b -->x <!-- open", "x <!-- open")]
    [InlineData("3 < 5 and 7 > 2, I <3 it", "3 < 5 and 7 > 2, I <3 it")]
    [InlineData("see https://shop.example/a?b=1&c=2, ok", "see <url> , ok")]
    [InlineData("官网www.shop.example/手机很好", "官网 <url> 手机很好")]
    [InlineData("write to jane.doe+x@shop.example.", "write to <email> .")]
    [InlineData("me @ home", "me @ home")]
    [InlineData("好👍🏽用", "好 👍 用")]                                                        // skin tones go, emoji stand apart
    [InlineData("  a \t\r\n b\u00A0 c ", "a b c")]
    [InlineData("broken \uD83D end", "broken end")]                                             // half a character
    [InlineData("", "")]
    [InlineData("\u200B \u200B", "")]
    [InlineData("cafe\u0301", "café")]
    public void Makes_alike_what_is_typed_in_many_ways(string typed, string expected) => Assert.Equal(expected, s_default.Normalize(typed));

    [Theory]
    [InlineData("太好了😊😊", "太好了 <happy> <happy>")]
    [InlineData("broke after a day :-(", "broke after a day <sad>")]
    [InlineData("at 10:30, ratio 3:1", "at 10:30, ratio 3:1")]
    [InlineData("a 🚲 b", "a <emoji> b")]
    [InlineData("💔💩💔", "<sad> <sad> <sad>")]                                               // longer than what it stands for
    public void Emoji_and_emoticons_become_signals_where_asked_for(string typed, string expected) =>
        Assert.Equal(expected, new TextNormalizer(new() { Emoji = EmojiForm.Signal }).Normalize(typed));

    [Fact]
    public void Every_step_can_be_left_out()
    {
        var plain = new TextNormalizer(new() { HalfWidth = false, Simplified = false, Html = false, Url = null, Email = null, Emoji = EmojiForm.Keep, LongestRun = 0 });
        const string text = "Ａ這<b>soooo😊</b> a@b.example www.x.example";
        Assert.Same(text, plain.Normalize(text));
        Assert.Equal("abc 手", new TextNormalizer(new() { LowerCase = true }).Normalize("AＢC 手"));
    }

    [Fact]
    public void A_clean_text_comes_back_as_it_is()
    {
        const string text = "The fit isn't great, but I like it.";
        Assert.Same(text, s_default.Normalize(text));
    }

    [Fact]
    public void Normalising_characters_twice_changes_nothing()
    {
        var characters = new TextNormalizerOptions { Html = false, Url = null, Email = null };
        TextNormalizer[] normalizers = [new(characters), new(characters with { Emoji = EmojiForm.Keep, LongestRun = 1, LowerCase = true })];
        Property.Holds(DrawnText.Any, text =>
        {
            foreach (var normalizer in normalizers)
            {
                var once = normalizer.Normalize(text);
                Assert.Equal(once, normalizer.Normalize(once));
            }
        });
    }

    [Fact]
    public void Nothing_invisible_is_left_and_space_is_single() => Property.Holds(DrawnText.Any, text =>
    {
        var normal = s_default.Normalize(text);
        Assert.Equal(normal.Trim(' '), normal);
        Assert.DoesNotContain("  ", normal, StringComparison.Ordinal);
        Assert.DoesNotContain(normal, c => char.IsControl(c) || c is '\u200B' or '\uFEFF' or '\u3000' or '\uFE0F' or '體');
        Assert.DoesNotContain("oooo", normal, StringComparison.Ordinal);
    });

    [Fact]
    public void Long_hostile_texts_take_time_in_proportion()
    {
        var text = string.Concat(Enumerable.Repeat("<a ", 50_000)) + new string('@', 50_000) + string.Concat(Enumerable.Repeat("http:/", 20_000));
        var normal = s_default.Normalize(text);
        Assert.StartsWith("<a <a", normal, StringComparison.Ordinal);
        Assert.EndsWith("http:/http:/", normal, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_traditional_character_has_one_simplified_form_that_stays()
    {
        var pairs = TraditionalCharacters.Pairs;
        Assert.True(pairs.Count > 2500);
        Assert.Equal(pairs.Count, pairs.Select(p => p.Traditional).Distinct().Count());
        Assert.Contains(('體', '体'), pairs);
        Assert.DoesNotContain(pairs, p => p.Simplified == p.Traditional);
    }
}
