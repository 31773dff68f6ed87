using System.Text.RegularExpressions;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Tests.Simulation.Texts;

public class WritersTests
{
    private static readonly Product s_pen = ProductCatalogue.Shop.Products.First(p => p.Noun.English == "gel pen");
    private static readonly Voice s_english = new(Language.English, 0, 0.3, 0.8), s_chinese = s_english with { Mother = Language.Chinese };
    private static readonly Feeling s_happy = new(1.2, 1, Intent.Restock, 1), s_cross = new(-1.2, -1, Intent.Leave, -1.5);

    [Fact]
    public void The_same_feeling_is_hardly_ever_put_in_the_same_words()
    {
        foreach (var voice in new[] { s_english, s_chinese })
            Assert.InRange(Reviews(s_happy, voice, 2_000).Distinct().Count(), 1_900, 2_000);
    }

    [Fact]
    public void Reviews_are_in_the_language_of_their_writer()
    {
        Assert.All(Reviews(s_happy, s_english, 300), text => Assert.DoesNotMatch("[\u4e00-\u9fff]", text));
        Assert.All(Reviews(s_cross, s_chinese, 300), text => Assert.DoesNotMatch("[a-z]{2}", text));
        var mixed = Reviews(s_happy, s_chinese with { OtherShare = 0.4 }, 300).ToList();
        Assert.Contains(mixed, text => Regex.IsMatch(text, "[\u4e00-\u9fff]") && Regex.IsMatch(text, "[a-z]{3}"));
    }

    [Fact]
    public void Stars_follow_the_experience_with_noise()
    {
        double happy = Stars(s_happy).Average(), cross = Stars(s_cross).Average();
        Assert.InRange(happy - cross, 1.5, 3.5);
        Assert.Contains(Stars(s_happy), stars => stars <= 3 && stars > 0);
        Assert.All(Stars(s_cross), stars => Assert.InRange(stars, 0, 5));
    }

    [Fact]
    public void Chats_begin_with_the_customer_take_turns_and_end_as_they_went()
    {
        var chance = new RandomStream(7, 1, Purpose.Texts);
        foreach (var reason in Enum.GetValues<ChatReason>())
            for (var i = 0; i < 100; i++)
            {
                var chat = ChatWriter.Write(reason, s_cross, solved: i % 2 == 0, s_chinese, s_pen, chance);
                Assert.InRange(chat.Count, 2, 5);
                Assert.Equal(Enumerable.Range(0, chat.Count).Select(turn => turn % 2 == 0), chat.Select(line => line.ByCustomer));
                Assert.Equal(0, chat[0].WaitSeconds);
                Assert.All(chat.Skip(1), line => Assert.True(line.WaitSeconds >= 5));
                Assert.All(chat, line => Assert.NotEmpty(line.Text));
            }
    }

    private static IEnumerable<string> Reviews(Feeling feeling, Voice voice, int count)
    {
        var chance = new RandomStream(1, 1, Purpose.Texts);
        return Enumerable.Range(0, count).Select(_ => ReviewWriter.Write(feeling, voice, s_pen, chance)).ToList();
    }

    private static List<int> Stars(Feeling feeling)
    {
        var chance = new RandomStream(2, 1, Purpose.Texts);
        return [.. Enumerable.Range(0, 500).Select(_ => ReviewWriter.Stars(feeling, chance))];
    }
}
