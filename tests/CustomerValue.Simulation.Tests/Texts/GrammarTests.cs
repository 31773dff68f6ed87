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
        var grammar = new Grammar(Language.English, "a: one {b}[ more] | none\nb: cup | <product> | {c}\nc: jar | tin");
        Assert.Equal(1 + 4 * 2, grammar.Forms("a"));
        var chance = new RandomStream(1, 1, Purpose.Texts);
        var said = Enumerable.Range(0, 500).Select(_ => grammar.Say("a", s_mug, chance)).ToHashSet();
        Assert.Equal(9, said.Count);
        Assert.Contains("one ceramic mug more", said);
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
            foreach (var symbol in grammar.Symbols)
                for (var i = 0; i < 100; i++)
                {
                    var text = grammar.Say(symbol, s_mug, chance);
                    Assert.NotEmpty(text.Trim());
                    Assert.DoesNotContain(text, c => c is '{' or '}' or '[' or ']' or '<' or '>' or '|' or '\n');
                }
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

    // What the writers ask for by name; the others are parts of these, and each language has its own.
    private static IEnumerable<string> Spoken(Grammar grammar) =>
        grammar.Symbols.Where(s => s.Contains('.', StringComparison.Ordinal) || s is "opener" or "offtopic" or "hello" or "detail" or "front" or "back");
}
