using System.Text;
using CustomerValue.Simulation;
using CustomerValue.Simulation.Chance;
using CustomerValue.Simulation.Products;
using CustomerValue.Simulation.Texts;

namespace CustomerValue.Tests.Simulation.Texts;

public class GrammarTests
{
    private static readonly Product s_mug = ProductCatalogue.Shop.Products.First(p => p.Noun.English == "ceramic mug");

    [Fact]
    public void Forms_are_counted_as_they_can_be_said()
    {
        var grammar = new Grammar(Language.English, "a: one {b}[ more]\n  | none\nb: cup | <product> | {c}\nc: jar | tin");
        Assert.Equal(1 + 4 * 2, grammar.Forms("a"));
        var chance = new RandomStream(1, 1, Purpose.Texts);
        var said = Enumerable.Range(0, 500).Select(_ => Say(grammar, "a", chance)).ToHashSet();
        Assert.Equal(9, said.Count);
        Assert.Contains("one ceramic mug more", said);
    }

    [Fact]
    public void Each_statement_can_be_made_in_tens_of_thousands_of_ways()
    {
        foreach (var grammar in new[] { Grammar.English, Grammar.Chinese })
            foreach (var topic in Enum.GetValues<Topic>().Where(t => t is not (Topic.Outcome or Topic.Agent or Topic.Mood or Topic.Loyalty or Topic.Intent)))
                Assert.True(grammar.Forms(topic, 1) + grammar.Forms(topic, -1) > 10_000, $"{grammar.Language} {topic}: {grammar.Forms(topic, 1)}");
    }

    [Fact]
    public void Both_languages_can_say_the_same_things() =>
        Assert.Empty(Spoken(Grammar.English).Except(Spoken(Grammar.Chinese)).Concat(Spoken(Grammar.Chinese).Except(Spoken(Grammar.English))));

    [Fact]
    public void Every_symbol_says_something_without_leftover_marks()
    {
        foreach (var grammar in new[] { Grammar.English, Grammar.Chinese })
        {
            var chance = new RandomStream(2, 1, Purpose.Texts);
            foreach (var symbol in grammar.Symbols.Where(s => !IsFrame(s)))
                for (var i = 0; i < 100; i++) AssertClean(Say(grammar, symbol, chance));
            foreach (var topic in Enum.GetValues<Topic>())
                for (var i = 0; i < 400; i++)
                    AssertClean(Say(grammar, topic, topic is Topic.Outcome or Topic.Agent ? i % 2 * 2 - 1 : i % 3 - 1, i % 5 == 0, doing: i % 7 == 0 && i % 3 != 1 && grammar.HasDoings(topic), chance));
        }
    }

    [Fact]
    public void The_same_frames_and_the_same_words_stand_for_good_and_for_bad()
    {
        // What is left of a statement when its words of judgement are taken out is its frame; each frame says good as often as bad, and so does each word.
        foreach (var topic in new[] { Topic.Quality, Topic.Mood, Topic.Loyalty, Topic.Intent })
        {
            var grammar = new Grammar(Language.English, Plain(EmbeddedText.Read("en.txt")));
            var chance = new RandomStream(3, 1, Purpose.Texts);
            var shares = new Dictionary<string, (int Good, int Bad)>();
            var words = grammar.Symbols.Where(s => s == $"{Grammar.Name(topic)}.up" || s == $"{Grammar.Name(topic)}.down").SelectMany(s => Alternatives("en.txt", s)).OrderByDescending(w => w.Length).ToList();
            for (var i = 0; i < 40_000; i++)
            {
                var sense = i % 2 * 2 - 1;
                var frame = Say(grammar, topic, sense, strong: false, doing: false, chance);
                foreach (var word in words.Where(frame.Contains))
                {
                    Add(word);
                    frame = frame.Replace(word, "*", StringComparison.Ordinal);
                }
                Add(frame);
                void Add(string key)
                {
                    var (good, bad) = shares.GetValueOrDefault(key);
                    shares[key] = sense > 0 ? (good + 1, bad) : (good, bad + 1);
                }
            }
            var often = shares.Where(s => s.Value.Good + s.Value.Bad > 300).ToList();
            Assert.True(often.Count > 30, $"{topic}: {often.Count}");
            Assert.All(often, s => Assert.True(Math.Abs(s.Value.Good - s.Value.Bad) < 5 * Math.Sqrt(s.Value.Good + s.Value.Bad), $"{topic}: '{s.Key}' {s.Value}"));
        }
    }

    [Fact]
    public void Refuses_a_symbol_that_no_line_explains() =>
        Assert.Equal("The English grammar uses {b}, but has no line 'b:'.", Assert.Throws<FormatException>(() => new Grammar(Language.English, "a: {b}")).Message);

    [Fact]
    public void Refuses_marks_that_nothing_closes_slots_that_nothing_fills_and_lines_without_a_name()
    {
        Assert.Contains("opens a '{' that nothing closes", Assert.Throws<FormatException>(() => new Grammar(Language.English, "a: {b")).Message, StringComparison.Ordinal);
        Assert.Contains("slot <price>", Assert.Throws<FormatException>(() => new Grammar(Language.English, "a: <price>")).Message, StringComparison.Ordinal);
        Assert.Contains("has no 'symbol:' in front", Assert.Throws<FormatException>(() => new Grammar(Language.English, "just words")).Message, StringComparison.Ordinal);
    }

    private static string Say(Grammar grammar, string symbol, RandomStream chance)
    {
        var text = new StringBuilder();
        grammar.Say(symbol, s_mug, chance, text);
        return text.ToString();
    }

    private static string Say(Grammar grammar, Topic topic, int sense, bool strong, bool doing, RandomStream chance)
    {
        var text = new StringBuilder();
        grammar.Say(topic, sense, strong, doing, 0, s_mug, chance, text);
        return text.ToString();
    }

    private static void AssertClean(string text)
    {
        Assert.NotEmpty(text.Trim());
        Assert.Equal(text.Trim(), text);
        Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => c is '{' or '}' or '[' or ']' or '<' or '>' or '|' or '\n');
    }

    // Every symbol that isn't what this test asks about with one alternative only, so that frames can be told apart.
    private static string Plain(string text)
    {
        string[] fixedOnes = ["who", "others", "number", "time", "use", "part", "season", "be", "very", "quality.subject"];
        return string.Join('\n', text.Split('\n').Select(line => fixedOnes.FirstOrDefault(s => line.StartsWith(s + ":", StringComparison.Ordinal)) is null ? line : line.Split('|')[0].Trim()));
    }

    private static IEnumerable<string> Alternatives(string file, string symbol)
    {
        var lines = EmbeddedText.Read(file).Split('\n');
        var at = Array.FindIndex(lines, l => l.StartsWith(symbol + ":", StringComparison.Ordinal));
        var all = lines[at][(symbol.Length + 1)..] + string.Concat(lines.Skip(at + 1).TakeWhile(l => l.StartsWith(' ')));
        return all.Split('|').Select(a => a.Trim()).Where(a => !a.Contains('{', StringComparison.Ordinal) && !a.Contains('<', StringComparison.Ordinal));
    }

    private static bool IsFrame(string symbol) => symbol.Split('.')[0] is "is" or "does" or "am" or "belong" or "will" || symbol is "agent.same" or "agent.turned";

    // What the writers ask for by name; the others are parts of these, and each language has its own.
    private static IEnumerable<string> Spoken(Grammar grammar) =>
        grammar.Symbols.Where(s => s.Contains('.', StringComparison.Ordinal) || s is "opener" or "offtopic" or "hello" or "detail" or "front" or "back" or "talk" or "thanks" or "also");
}
