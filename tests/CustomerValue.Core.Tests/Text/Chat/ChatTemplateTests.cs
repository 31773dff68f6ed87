using CustomerValue.Testing;
using CustomerValue.Text.Chat;

namespace CustomerValue.Core.Tests.Text.Chat;

/// <summary>Templates in the styles of published models, with what each has to give; and what of Jinja is read how.</summary>
public sealed class ChatTemplateTests : IDisposable
{
    private static readonly ChatMessage[] s_short = [new("user", "Hi "), new("assistant", " Hello"), new("user", "Bye")];
    private static readonly ChatMessage[] s_long = [new("system", "Be brief."), .. s_short];
    private static readonly Dictionary<string, object?> s_tokens = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Rendered(string template, IReadOnlyList<ChatMessage>? messages = null, bool prompt = true) => ChatTemplate.Parse(template).With(s_tokens).Render(messages ?? s_short, prompt);

    // As ChatML's and Qwen2's: a system message of its own where there is none.
    private const string ChatMl = """
        {% for message in messages %}
        {% if loop.first and message['role'] != 'system' %}
        {{ '<|im_start|>system\nYou help.<|im_end|>\n' }}
        {%- endif %}
        {{- '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}
        {%- endfor %}
        {% if add_generation_prompt %}
        {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """;

    // As Llama 2's: the system message inside the first turn of the user, roles that take turns.
    private const string Llama2 = """
        {% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0]['content'] %}{% else %}{% set rest = messages %}{% set system = false %}{% endif %}
        {% for m in rest %}
            {% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}
                {{ raise_exception('Roles must take turns: user, assistant, user, ...') }}
            {% endif %}
            {% if loop.index0 == 0 and system != false %}
                {% set said = '<<SYS>>\n' + system + '\n<</SYS>>\n\n' + m['content'] %}
            {% else %}
                {% set said = m['content'] %}
            {% endif %}
            {%- if m['role'] == 'user' -%}
                {{ bos_token + '[INST] ' + said.strip() + ' [/INST]' }}
            {%- elif m['role'] == 'assistant' -%}
                {{ ' ' + said.strip() + ' ' + eos_token }}
            {%- endif -%}
        {% endfor %}
        """;

    // As Llama 3's: trimmed contents between headers; the date only where a clock is there or a date was given.
    private const string Llama3 = """
        {{- bos_token }}
        {%- if not date_string is defined %}
            {%- if strftime_now is defined %}
                {%- set date_string = strftime_now("%d %b %Y") %}
            {%- else %}
                {%- set date_string = "26 Jul 2024" %}
            {%- endif %}
        {%- endif %}
        {%- if messages[0].role == 'system' %}
            {%- set system_message = messages[0]['content']|trim %}
            {%- set messages = messages[1:] %}
        {%- else %}
            {%- set system_message = "" %}
        {%- endif %}
        {{- "<|start_header_id|>system<|end_header_id|>\n\n" }}
        {%- if tools is not none %}
            {{- "Tools: " + tools | unheard_of(1) }}
        {%- endif %}
        {{- "Today Date: " + date_string + "\n\n" }}
        {{- system_message }}
        {{- "<|eot_id|>" }}
        {%- for message in messages %}
            {%- if not (message.role == 'ipython' or 'tool_calls' in message) %}
                {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' }}
            {%- elif message.tool_calls|length != 1 %}
                {{- raise_exception("One tool at a time.") }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
        {%- endif %}
        """;

    // As Qwen3's: looks back for the last question, cuts thoughts out of earlier answers, and can be told not to think.
    private const string Qwen3 = """
        {%- if messages[0].role == 'system' %}
            {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
        {%- endif %}
        {%- set ns = namespace(searching=true, last=messages|length - 1) %}
        {%- for message in messages[::-1] %}
            {%- set index = (messages|length - 1) - loop.index0 %}
            {%- if ns.searching and message.role == "user" and message.content is string and not(message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
                {%- set ns.searching = false %}
                {%- set ns.last = index %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- if message.role == "user" or (message.role == "system" and not loop.first) %}
                {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
            {%- elif message.role == "assistant" %}
                {%- set content = message.content %}
                {%- set thought = '' %}
                {%- if '</think>' in content %}
                    {%- set thought = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
                    {%- set content = content.split('</think>')[-1].lstrip('\n') %}
                {%- endif %}
                {%- if loop.index0 > ns.last and (loop.last or thought) %}
                    {{- '<|im_start|>assistant\n<think>\n' + thought + '\n</think>\n\n' + content }}
                {%- else %}
                    {{- '<|im_start|>assistant\n' + content }}
                {%- endif %}
                {%- if message.tool_calls %}{%- for call in message.tool_calls %}{{- call | tojson }}{%- endfor %}{%- endif %}
                {{- '<|im_end|>\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is defined and enable_thinking is false %}
                {{- '<think>\n\n</think>\n\n' }}
            {%- endif %}
        {%- endif %}
        """;

    // As Mistral's: the system message with the last question, turns counted in a namespace.
    private const string Mistral = """
        {%- if messages[0]["role"] == "system" %}
            {%- set system_message = messages[0]["content"] %}
            {%- set loop_messages = messages[1:] %}
        {%- else %}
            {%- set loop_messages = messages %}
        {%- endif %}
        {%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}

        {#- Whoever speaks twice in a row is refused. -#}
        {%- set ns = namespace() %}
        {%- set ns.index = 0 %}
        {%- for message in loop_messages if not (message.tool_calls is defined and message.tool_calls is not none) %}
            {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
                {{- raise_exception("Roles must alternate.") }}
            {%- endif %}
            {%- set ns.index = ns.index + 1 %}
        {%- endfor %}
        {{- bos_token }}
        {%- for message in loop_messages %}
            {%- if message["role"] == "user" %}
                {%- if loop.last and system_message is defined and message == user_messages[-1] %}
                    {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
                {%- else %}
                    {{- "[INST] " + message["content"] + "[/INST]" }}
                {%- endif %}
            {%- else %}
                {{- " " + message["content"]|trim + eos_token}}
            {%- endif %}
        {%- endfor %}
        """;

    // As Gemma's: no system, and the assistant is called model.
    private const string Gemma = """
        {{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '
        ' + message['content'] | trim + '<end_of_turn>
        ' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model
        '}}{% endif %}
        """;

    [Theory]
    [InlineData(ChatMl, false, "<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nHi <|im_end|>\n<|im_start|>assistant\n Hello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(ChatMl, true, "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi <|im_end|>\n<|im_start|>assistant\n Hello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(Llama2, false, "<s>[INST] Hi [/INST] Hello </s><s>[INST] Bye [/INST]")]
    [InlineData(Llama2, true, "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s><s>[INST] Bye [/INST]")]
    [InlineData(Llama3, false, "<s><|start_header_id|>system<|end_header_id|>\n\nToday Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData(Llama3, true, "<s><|start_header_id|>system<|end_header_id|>\n\nToday Date: 26 Jul 2024\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData(Qwen3, true, "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi <|im_end|>\n<|im_start|>assistant\n Hello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData(Mistral, false, "<s>[INST] Hi [/INST] Hello</s>[INST] Bye[/INST]")]
    [InlineData(Mistral, true, "<s>[INST] Hi [/INST] Hello</s>[INST] Be brief.\n\nBye[/INST]")]
    [InlineData(Gemma, false, "<s><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello<end_of_turn>\n<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n")]
    public void A_conversation_is_written_as_the_model_wants_it(string template, bool system, string expected) => Assert.Equal(expected, Rendered(template, system ? s_long : s_short));

    [Fact]
    public void Without_a_prompt_the_conversation_ends_with_its_last_turn() => Assert.EndsWith("Bye<|im_end|>\n", Rendered(ChatMl, prompt: false), StringComparison.Ordinal);

    [Fact]
    public void Thoughts_are_cut_out_of_earlier_answers_and_switches_are_given_as_values()
    {
        ChatMessage[] thoughtful = [new("user", "Hi"), new("assistant", "<think>\nwell\n</think>\n\nHello"), new("user", "Bye")];
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
            ChatTemplate.Parse(Qwen3).With(new Dictionary<string, object?> { ["enable_thinking"] = false }).Render(thoughtful));
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\nwell\n</think>\n\nHello<|im_end|>\n", ChatTemplate.Parse(Qwen3).Render(thoughtful[..2], addGenerationPrompt: false));
        Assert.Contains("Today Date: 1 May 2024\n", ChatTemplate.Parse(Llama3).With(s_tokens).With(new Dictionary<string, object?> { ["date_string"] = "1 May 2024" }).Render(s_short), StringComparison.Ordinal);
        Assert.Contains("'seed' is a Double", Assert.Throws<ArgumentException>(() => ChatTemplate.Parse("").With(new Dictionary<string, object?> { ["seed"] = 1.5 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_a_system_is_taken_is_known_beforehand()
    {
        Assert.All([ChatMl, Llama2, Llama3, Qwen3, Mistral], template => Assert.True(ChatTemplate.Parse(template).With(s_tokens).TakesSystem));
        Assert.False(ChatTemplate.Parse(Gemma).With(s_tokens).TakesSystem);
        Assert.Contains("the template refuses the messages: System role not supported", Assert.Throws<ChatTemplateException>(() => Rendered(Gemma, s_long)).Message, StringComparison.Ordinal);
        Assert.Contains("line 4: the template refuses the messages: Roles must take turns", Assert.Throws<ChatTemplateException>(() => Rendered(Llama2, [s_short[0], s_short[0]])).Message, StringComparison.Ordinal);
    }

    [Theory]
    // White space: a block takes its line break along and the spaces before it on its line; - takes all, + none.
    [InlineData("a\n  {% if true %}\nb\n  {% endif %}\nc\n", "a\nb\nc")]
    [InlineData("a\n  {%+ if true +%}\nb\n  {% endif %}", "a\n  \nb\n")]
    [InlineData("a \n {%- if true -%} \n b \n {%- endif -%} \n c", "abc")]
    [InlineData("a {{- ' b ' -}} c", "a b c")]
    [InlineData("a\n  {{ 'b' }}\nc", "a\n  b\nc")]
    [InlineData("a\n  {# said\n to nobody #}\nb{#- and -#} c", "a\nbc")]
    [InlineData("a\r\nb\rc\n", "a\nb\nc")]
    [InlineData("{ {a} }", "{ {a} }")]
    // Binding, as Jinja binds.
    [InlineData("{{ 'a' + ' b '|trim + 'c' }}", "abc")]
    [InlineData("{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 4 / 2 }} {{ -7.5 % 2 }} {{ -2|string }} {{ 'a' + 1 ~ 2 }}", "7 9 3 -4 2 3.5 2.0 0.5 -2 a12")]
    [InlineData("{{ not 1 == 2 and 3 < 4 <= 4 != 5 }} {{ not nothing is defined }} {{ 'a' not in 'bc' }} {{ 1 if false else 2 if false else 3 }}[{{ 1 if false }}]", "True True True 3[]")]
    [InlineData("{{ 0 or 'b' or c.d }} {{ 1 and 'x' }} {{ none or false }}", "b x False")]
    [InlineData("{{ 'a' 'b' \"c\\n\" '\\u0041\\x42\\d' }}", "abc\nAB\\d")]
    // Values, as Python prints them.
    [InlineData("{{ [1, 'a', none, true, 2.0, {'k': \"it's\"}] }} {{ (1, 2)[1] }} {{ 'x' * 3 }} {{ nothing }}", "[1, 'a', None, True, 2.0, {'k': \"it's\"}] 2 xxx ")]
    [InlineData("{{ {'a': [1, none, false], 'b': '\"中\\n'} | tojson }} {{ {'a': 1, 'b': [2]}|tojson(indent=2) }}", "{\"a\": [1, null, false], \"b\": \"\\\"中\\n\"} {\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}")]
    // Places and cuts.
    [InlineData("{{ 'abcdef'[1:-1] }} {{ 'abcdef'[::-2] }} {{ [1, 2, 3][-1] }} {{ [1, 2, 3][5] }}|{{ '日本😀語'[2] }}{{ '日本😀語'|length }} {{ [1, 2, 3, 4][:2] }} {{ [1, 2][9:] }}", "bcde fdb 3 |😀4 [1, 2] []")]
    [InlineData("{{ {'a': {'b': [7]}}.a['b'].0 }} {{ {'items': 1}.items()|length }} {{ {'items': 1}['items'] }} {{ {'a': 1}.get('b', 'none') }} {% for k, v in {'x': 1, 'y': 2}.items() %}{{ k }}{{ v }}{% endfor %}", "7 1 1 none x1y2")]
    // Methods, filters, tests.
    [InlineData("{{ ' a b '.strip() }}|{{ 'xxaxx'.lstrip('x') }}|{{ 'a,b,c'.split(',', 1) }}|{{ ' a  b '.split() }}|{{ 'a-b-c'.rsplit('-', 1)[0] }}|{{ 'aXbX'.replace('X', '') }}|{{ 'ab'.startswith(('x', 'a')) }}|{{ 'a\nb'.splitlines()|join('+') }}|{{ 'héLLO'.capitalize() }}", "a b|axx|['a', 'b,c']|['a', 'b']|a-b|ab|True|a+b|Héllo")]
    [InlineData("{{ [1, 2]|join('-') }} {{ messages|map(attribute='role')|join(',') }} {{ nothing|default('d') }}{{ ''|default('e', true) }} {{ 'x'|upper }} {{ [3, 4]|first }}{{ [3, 4]|last }} {{ messages|rejectattr('role', 'equalto', 'user')|list|length }} {{ '12'|int + 1 }}", "1-2 user,assistant,user de X 34 1 13")]
    [InlineData("{{ 'a' is string }} {{ messages[0] is mapping }} {{ none is none }} {{ x is not defined }} {{ 4 is divisibleby 2 }} {{ 3 is odd and true is true }} {{ [] is iterable }} {{ 1 is in [1, 2] }}", "True True True True True True True True")]
    // Loops and scopes: what is set in a round is gone in the next, save in a namespace; an if is no scope.
    [InlineData("{% for m in messages %}{{ loop.index }}{{ loop.first }}{{ loop.revindex0 }}{{ loop.last }}{{ loop.length }}{{ loop.nextitem is defined }} {% endfor %}", "1True2False3True 2False1False3True 3False0True3False ")]
    [InlineData("{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}{% for m in messages %}{{ x }}{% set x = 3 %}{{ x }}{% endfor %}{{ x }}", "22323232")]
    [InlineData("{% set n = namespace(t=0) %}{% for i in range(1, 6) if i % 2 %}{% set n.t = n.t + i %}{% else %}none{% endfor %}{{ n.t }}{% for i in [] %}x{% else %}none{% endfor %}", "9none")]
    [InlineData("{% set a, b = 1, %}", null)]
    [InlineData("{% set block %}a{{ 1 }}{% endset %}{{ block|upper }}{% macro twice(x, y='!') %}{{ x }}{{ x }}{{ y }}{% endmacro %}{{ twice('a') }}{{ twice('b', y='?') }}{% generation %}g{% endgeneration %}", "A1aa!bb?g")]
    public void What_is_read_is_read_as_Jinja_reads_it(string template, string? expected)
    {
        if (expected is null) Assert.Throws<ChatTemplateException>(() => Rendered(template));
        else Assert.Equal(expected, Rendered(template));
    }

    [Fact]
    public void A_folders_template_is_found_where_published_models_keep_it()
    {
        Assert.Null(ChatTemplate.Find(_folder.Path));
        _folder.Write("tokenizer_config.json", """{"bos_token": {"content": "<b>"}, "eos_token": "<e>", "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ unk_token is defined }}"}""");
        Assert.Equal("<b>Hi <e>False", ChatTemplate.Find(_folder.Path)!.Render(s_short));
        _folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d{{ messages|length }}"}]}""");
        Assert.Equal("d3", ChatTemplate.Find(_folder.Path)!.Render(s_short));
        _folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "tool_use", "template": "t"}]}""");
        Assert.Contains("no template called default among tool_use", Assert.Throws<ChatTemplateException>(() => ChatTemplate.Find(_folder.Path)).Message, StringComparison.Ordinal);
        _folder.Write("chat_template.jinja", "file {{ messages[2].content }}\n{% wrong %}");
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Find(_folder.Path));
        Assert.StartsWith(_folder.In("chat_template.jinja") + ", line 2: there is no block {% wrong %} here; known are for, if, set", error.Message, StringComparison.Ordinal);
        _folder.Write("chat_template.jinja", "file {{ messages[2].content }}\n");
        Assert.Equal("file Bye", ChatTemplate.Find(_folder.Path)!.Render(s_short));
        _folder.Write("tokenizer_config.json", """{"chat_template": 7}""");
        File.Delete(_folder.In("chat_template.jinja"));
        Assert.Contains("'chat_template' is 7, and a list is expected", Assert.Throws<InvalidDataException>(() => ChatTemplate.Find(_folder.Path)).Message, StringComparison.Ordinal);
    }
}
