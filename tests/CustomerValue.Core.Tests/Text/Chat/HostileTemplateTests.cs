using CustomerValue.Text.Chat;

namespace CustomerValue.Core.Tests.Text.Chat;

/// <summary>Templates come from anyone: whatever they hold, a rendering ends, within its limits, in a text or in words.</summary>
public sealed class HostileTemplateTests
{
    private static readonly ChatMessage[] s_messages = [new("user", "Hi there"), new("assistant", "日本😀 </think> \"x\""), new("user", "")];

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    [Theory]
    [InlineData("{{ a", "line 1: a tag, {{, isn't closed by }}")]
    [InlineData("\n\n{% if x %}", "line 3: the template ends where {% elif %} or {% else %} or {% endif %} is expected")]
    [InlineData("{# a", "a comment, {#, isn't closed by #}")]
    [InlineData("{{ 'a }}", "a text in ' isn't closed")]
    [InlineData("{{ '\\u12' }}", "\\u is followed by 4 digits")]
    [InlineData("{{ a ? b }}", "the character '?' belongs to no expression")]
    [InlineData("{{ a) }}", "')' closes nothing")]
    [InlineData("{{ }}", "the tag's end stands where a value is expected")]
    [InlineData("{{ 2 ** 3 }}", "'**' stands where }} is expected")]
    [InlineData("{{ f(*a) }}", "'*' stands where a value is expected")]
    [InlineData("{% endfor %}", "there is no block {% endfor %}")]
    [InlineData("{% include 'x' %}", "there is no block {% include %} here; known are for, if, set, macro, generation")]
    [InlineData("{% for a in b recursive %}{% endfor %}", "'recursive' loops aren't read here")]
    [InlineData("{% set a.b.c = 1 %}", "'=' is expected")]
    [InlineData("{{ 99999999999999999999 }}", "is too large")]
    [InlineData("a\n{{ 'x'|sort }}", "line 2: there is no filter 'sort' here; known are capitalize, count, d, default")]
    [InlineData("{{ 'x' is lower }}", "there is no test 'lower' here; known are boolean, defined")]
    [InlineData("{{ 'x'.encode() }}", "a text has no 'encode'; known are capitalize, endswith")]
    [InlineData("{{ ''.__class__.__mro__ }}", "'__mro__' is asked of nothing")]
    [InlineData("{{ messages.__init__.__globals__ }}", "'__globals__' is asked of nothing")]
    [InlineData("{{ strftime_now('%d') }}", "strftime_now asks for today's date")]
    [InlineData("{{ lipsum() }}", "there is no 'lipsum'; known are messages")]
    [InlineData("{{ bos_token + 'x' }}", "there is no 'bos_token'")]
    [InlineData("{{ messages[0].name.first }}", "there is no 'name' among role, content")]
    [InlineData("{{ 'a' + 1 }}", "a text + a number can't be reckoned")]
    [InlineData("{{ 1 < 'a' }}", "have no order")]
    [InlineData("{{ 1 / 0 }}", "divided by 0")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "is too large")]
    [InlineData("{{ 'a'() }}", "a text can't be called")]
    [InlineData("{% set messages[0] = 1 %}", "'[' stands where %} is expected")]
    [InlineData("{% set x = 1 %}{% set x.y = 2 %}", "only what namespace() made")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", "2 names stand where 1 values come")]
    [InlineData("{{ raise_exception() }}", "raise_exception needs 'message'")]
    public void What_is_wrong_is_told_with_its_line(string template, string told)
    {
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(template, "file").Render(s_messages));
        Assert.StartsWith("file, line ", error.Message, StringComparison.Ordinal);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    public static readonly TheoryData<string, string> Endless = new()
    {
        { "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}", "steps" },
        { "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(1000) %}{% set n.x = n.x + n.x %}{% endfor %}", "characters" },
        { "{% set n = namespace(x=[1, 2]) %}{% for i in range(1000) %}{% set n.x = n.x + n.x %}{% endfor %}", "steps" },
        { "{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}", "steps" },
        { "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}", "steps" },
        { "{% set n = namespace(x=[1]) %}{% for i in range(5000) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x|tojson }}", "deep" },
        { "{{ 'a' * 999999999999 }}", "characters" },
        { "{{ range(999999999) }}", "100,000" },
        { "{% for i in range(100000) %}{{ 'aaaaaaaaaa' * 1000 }}{% endfor %}", "characters" },
        { "{% set a = 'a' * 4000000 %}{{ ('a' * 2000000 + 'b') in a }}", "steps" },
        { "{% set a = 'a' * 4000000 %}{{ a.replace('a', a) }}", "characters" },
        { "{% set a = 'ab' * 2000000 %}{% for i in range(1000) %}{% for c in a %}{% endfor %}{% endfor %}", "steps" },
        { "{% set a = 'a' * 4000000 %}{% for i in range(100000) %}{% for j in range(1000) %}{% if a|length == 0 %}{% endif %}{% endfor %}{% endfor %}", "steps" },
        { "{% set a = '1' * 4000000 %}{% set d = {a: 1} %}{% for i in range(100000) %}{% if d[a] + a|int(1) + d.get(a) == 0 %}{% endif %}{% endfor %}", "steps" },
        { "{{ " + Times("a", 1000) + " }}", "a name has 1,000 characters" },
        { "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "deep" },
        { "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}", "deep" },
        { "{{ " + Times("(", 100_000) + Times(")", 100_000) + " }}", "deep" },
        { "{{ " + Times("[", 100_000) + Times("]", 100_000) + " }}", "deep" },
        { "{{ " + Times("-", 100_000) + "1 }}", "deep" },
        { "{{ a" + Times(" if a else b", 50_000) + " }}", "deep" },
        { Times("{% if a %}", 50_000), "deep" },
        { Times("{% if a %}{% for b in c %}", 20_000), "deep" },
        { "{{ ['a']|map(" + Times("'map', ", 10_000) + "'upper') }}", "50 arguments" },
        { Times("{", 1_000_001), "1,000,001 characters" },
    };

    [Theory, MemberData(nameof(Endless))]
    public void What_would_never_end_is_ended(string template, string told) =>
        Assert.Contains(told, Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(template).Render(s_messages)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{{ 1", " + 1", " }}", 200_000)]
    [InlineData("{{ 'a'", "|upper", " }}", 100_000)]
    [InlineData("{{ not ", "not ", "a }}", 200_000)]
    [InlineData("{% if false %}", "{% elif false %}", "{% endif %}", 50_000)]
    [InlineData("{{ '", "' '", "' }}", 300_000)]
    public void What_is_merely_long_is_read(string start, string link, string end, int times) => Assert.NotNull(ChatTemplate.Parse(start + Times(link, times) + end).Render(s_messages));

    private static readonly string[] s_pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "{{-", "-}}", "{%-", "-%}", "{%+", "+%}", "if", "elif", "else", "endif", "for", "in", "endfor", "set", "endset", "macro", "endmacro", "f", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "==",
        "!=", "<", ">", "+", "-", "*", "/", "//", "%", "~", "|", "not", "and", "or", "is", "none", "true", "defined", "string", "messages", "message", "role", "content", "loop", "index0", "last", "x", "namespace", "range", "raise_exception",
        "trim", "length", "tojson", "join", "default", "map", "selectattr", "replace", "split", "strip", "0", "1", "-1", "2.5", "'a'", "\"b\"", "'", "\"", "\\", "\n", " ", "😀", "\uD83D", "\0", "日本", "abc",
    ];

    [Fact]
    public void Whatever_the_template_nothing_but_its_own_exception_is_thrown()
    {
        var (rendered, refused) = (0, 0);
        for (var seed = 0; seed < 30_000; seed++)
        {
            var template = seed % 3 == 0 ? Drawn(seed) : Spoilt(seed);
            try
            {
                var text = ChatTemplate.Parse(template).Render(s_messages, seed % 2 == 0);
                Assert.Equal(text, ChatTemplate.Parse(template).Render(s_messages, seed % 2 == 0));
                rendered++;
            }
            catch (ChatTemplateException error)
            {
                Assert.StartsWith("chat template", error.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.True(rendered > 1000 && refused > 10_000, $"{rendered} rendered, {refused} refused");
    }

    // Pieces in any order, within a tag half of the time.
    private static string Drawn(int seed)
    {
        var chance = SplitMix64.Stream(20261128, seed);
        var pieces = new List<string>();
        for (var n = chance.Below(20); n >= 0; n--) pieces.Add(s_pieces[chance.Below(s_pieces.Length)]);
        var text = string.Join(chance.Below(2) == 0 ? " " : "", pieces);
        return chance.Below(4) switch { 0 => text, 1 => $"{{% {text} %}}", _ => $"{{{{ {text} }}}}" };
    }

    // A template that works, with pieces put in, taken out and doubled.
    private static string Spoilt(int seed)
    {
        var chance = SplitMix64.Stream(20261129, seed);
        var template = "{% set ns = namespace(n=0) %}{% for message in messages[::-1] %}{% if loop.first and message.role == 'user' %}{{ message['content']|trim + '\n' }}{% elif message.content is string %}{{- message.content.split('</think>')[-1].strip() ~ ns.n }}{% endif %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ messages|map(attribute='role')|join(', ') }}{{ messages|tojson }}";
        for (var change = chance.Below(3); change >= 0; change--)
        {
            var at = chance.Below(template.Length);
            var length = Math.Min(chance.Below(12), template.Length - at);
            template = chance.Below(3) switch
            {
                0 => template.Remove(at, length),
                1 => template.Insert(at, s_pieces[chance.Below(s_pieces.Length)]),
                _ => template.Insert(at, template.Substring(at, length)),
            };
            if (template.Length == 0) break;
        }
        return template;
    }
}
