using System.Text.Json;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests.Commands.Text;

/// <summary>What scripts rely on: the JSON of text tokenize, embed and generate, with the numbers that the models' expected.json gives.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static JsonElement Case(string model) =>
        JsonDocument.Parse(File.ReadAllText(RealModels.Need($"{model}/expected.json"))).RootElement.GetProperty("cases")[0];

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(i => i.GetInt32())];

    private static double[] Numbers(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetDouble())];

    [Fact]
    public void A_text_becomes_ids_and_a_vector()
    {
        var (model, expected) = (RealModels.Need("all-minilm-l6-v2"), Case("all-minilm-l6-v2"));
        var text = expected.GetProperty("text").GetString()!;
        var cut = CommandRun.Of("text", "tokenize", "--model", model, "--text", text, "--json").Json;
        Assert.Equal(Ids(expected.GetProperty("input_ids")), Ids(cut.GetProperty("ids")));

        var plain = Numbers(CommandRun.Of("text", "embed", "--model", model, "--text", text, "--json").Json.GetProperty("embedding"));
        Assert.Equal(384, plain.Length);
        Assert.All(Numbers(expected.GetProperty("mean_pooled_first8")).Zip(plain), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
        var scaled = Numbers(CommandRun.Of("text", "embed", "--model", model, "--text", text, "--normalize", "--json").Json.GetProperty("embedding"));
        Assert.All(Numbers(expected.GetProperty("sentence_embedding_first8")).Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }

    [Fact]
    public void A_files_texts_become_vectors_once()
    {
        string[] arguments = ["text", "embed", "--model", RealModels.Need("bert-tiny-random"), "--input", _folder.Write("texts.csv", "id,text\n1,the cat\n2,sat\n3,the cat\n"),
            "--column", "text", "--output", _folder.In("vectors.parquet"), "--cache", _folder.In("cache"), "--json"];
        var first = CommandRun.Of(arguments).Json;
        Assert.Equal((3, 32, 0), (first.GetProperty("rows").GetInt32(), first.GetProperty("width").GetInt32(), first.GetProperty("known").GetInt32()));
        var bytes = File.ReadAllBytes(_folder.In("vectors.parquet"));
        Assert.Equal(2, CommandRun.Of(arguments).Json.GetProperty("known").GetInt32());
        Assert.Equal(bytes, File.ReadAllBytes(_folder.In("vectors.parquet")));
        var table = ParquetColumns.Read(_folder.In("vectors.parquet"));
        Assert.Equal(table.Column<double>("e31")[0], table.Column<double>("e31")[2]);
        Assert.NotEqual(table.Column<double>("e31")[0], table.Column<double>("e31")[1]);
    }

    [Theory, InlineData("qwen2-tiny-random"), InlineData("llama-tiny-random")]
    public void A_decoder_goes_on(string name)
    {
        var (model, expected) = (RealModels.Need(name), Case(name));
        string[] arguments = ["text", "generate", "--model", model, "--text", expected.GetProperty("text").GetString()!, "--max-tokens", "4", "--greedy"];
        var found = CommandRun.Of([.. arguments, "--json"]).Json;
        Assert.Equal(Ids(expected.GetProperty("input_ids")), Ids(found.GetProperty("ids")));
        Assert.Equal(Ids(expected.GetProperty("greedy_12"))[..4], Ids(found.GetProperty("new_ids")));
        Assert.All(Numbers(expected.GetProperty("last_logits_first8")).Zip(Numbers(found.GetProperty("last_logits"))), pair => Assert.Equal(pair.First, pair.Second, 5e-5));
        Assert.Equal(found.GetProperty("text").GetString() + Environment.NewLine, CommandRun.Of(arguments).Output);
    }

    [Fact]
    public void An_adapter_changes_what_a_decoder_says()
    {
        string[] arguments = ["text", "generate", "--model", RealModels.Need("qwen3-tiny-random"), "--text", "the parcel came late", "--max-tokens", "2", "--greedy", "--json"];
        var (plain, adapted) = (CommandRun.Of(arguments).Json, CommandRun.Of([.. arguments, "--adapter", RealModels.Need("qwen3-tiny-random/adapter")]).Json);
        Assert.NotEqual(Numbers(plain.GetProperty("last_logits")), Numbers(adapted.GetProperty("last_logits")));
    }

    private string Conversing(string name)
    {
        var folder = Directory.CreateDirectory(_folder.In(name)).FullName;
        foreach (var file in Directory.EnumerateFiles(RealModels.Need(name))) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        _folder.Write($"{name}/chat_template.jinja", "{% for m in messages %}\n{{ '<|im_start|>' + m.role + '\\n' + m.content|trim + '<|im_end|>\\n' }}\n{%- endfor %}\n{% if add_generation_prompt %}\n{{- '<|im_start|>assistant\\n' }}\n{%- if thinking is defined and not thinking %}{{ '<think></think>' }}{% endif %}\n{%- endif %}\n");
        return folder;
    }

    [Theory, InlineData("llama-tiny-random"), InlineData("qwen2-tiny-random"), InlineData("qwen3-tiny-random")]
    public void A_decoder_converses_by_its_folders_template(string name)
    {
        var model = Conversing(name);
        string[] arguments = ["text", "generate", "--model", model, "--text", " where is my parcel? ", "--chat", "--max-tokens", "3", "--greedy"];
        var plain = CommandRun.Of([.. arguments, "--json"]);
        Assert.True(plain.ExitCode == 0, plain.Errors);
        Assert.Equal("<|im_start|>user\nwhere is my parcel?<|im_end|>\n<|im_start|>assistant\n", plain.Json.GetProperty("prompt").GetString());
        Assert.Equal((481, 482), (Ids(plain.Json.GetProperty("ids"))[0], Ids(plain.Json.GetProperty("ids")).First(id => id == 482)));
        Assert.InRange(Ids(plain.Json.GetProperty("new_ids")).Length, 0, 3);
        var told = CommandRun.Of([.. arguments, "--system", "be brief", "--template-value", "thinking=false", "--json"]).Json;
        Assert.Equal("<|im_start|>system\nbe brief<|im_end|>\n<|im_start|>user\nwhere is my parcel?<|im_end|>\n<|im_start|>assistant\n<think></think>", told.GetProperty("prompt").GetString());
    }

    [Fact]
    public void What_a_conversation_needs_is_asked_for_and_plain_documents_are_as_they_were()
    {
        string[] arguments = ["text", "generate", "--model", RealModels.Need("qwen2-tiny-random"), "--text", "the parcel", "--max-tokens", "1", "--greedy", "--json"];
        Assert.Equal(["ids", "new_ids", "text", "last_logits", "end"], CommandRun.Of(arguments).Json.EnumerateObject().Select(p => p.Name));
        foreach (var (more, told) in new[] { (new[] { "--chat" }, "has no chat template"), (["--system", "x"], "give --chat too"), (["--template-value", "a=b"], "give --chat too") })
        {
            var run = CommandRun.Of([.. arguments, .. more]);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(told, run.Errors, StringComparison.Ordinal);
        }
        var model = Conversing("qwen2-tiny-random");
        _folder.Write("qwen2-tiny-random/chat_template.jinja", "fine\n{{ strftime_now('%d') }}");
        var clock = CommandRun.Of("text", "generate", "--model", model, "--text", "the parcel", "--chat");
        Assert.Equal(1, clock.ExitCode);
        Assert.Contains("chat_template.jinja, line 2: nothing can't be called: strftime_now asks for today's date", clock.Errors, StringComparison.Ordinal);
    }
}
