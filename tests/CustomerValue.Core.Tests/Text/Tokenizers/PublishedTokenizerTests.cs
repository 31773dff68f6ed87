using System.Text.Json;
using CustomerValue.Testing;
using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Tests.Text.Tokenizers;

/// <summary>Every case of the model folders' expected.json: ids, tokens and decoded text as the original libraries gave them.</summary>
public sealed class PublishedTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("all-minilm-l6-v2", 13), InlineData("bert-tiny-random", 10)]
    public void Encoders_give_the_published_ids_and_tokens(string model, int cases)
    {
        var tokenizer = Assert.IsType<WordPieceTokenizer>(HuggingFaceTokenizer.Open(RealModels.Need(model)));
        var expected = Expected(model);
        Assert.Equal(cases, expected.GetProperty("cases").GetArrayLength());
        var longest = expected.GetProperty("max_length").GetInt32();
        foreach (var example in expected.GetProperty("cases").EnumerateArray())
        {
            var text = example.GetProperty("text").GetString()!;
            var pair = example.TryGetProperty("text_pair", out var second) ? second.GetString() : null;
            var (ids, types) = pair is null ? (tokenizer.Encode(text, longest), []) : tokenizer.EncodePair(text, pair, longest);
            Same(example, tokenizer, ids);
            if (pair is not null) Assert.Equal(Ids(example, "token_type_ids"), types);
            if (pair is null) Assert.Equal(example.GetProperty("n_tokens_before_truncation").GetInt32(), tokenizer.Encode(text).Length);
        }
    }

    [Theory, InlineData("gpt2-tiny-random"), InlineData("llama-tiny-random"), InlineData("qwen2-tiny-random"), InlineData("qwen3-tiny-random")]
    public void Decoders_give_the_published_ids_tokens_and_text(string model) => SameAsPublished(model, RealModels.Need(model));

    [Fact]
    public void Vocabulary_and_merges_give_what_tokenizer_json_gives()
    {
        foreach (var name in new[] { "vocab.json", "merges.txt" }) File.Copy(RealModels.Need($"gpt2-tiny-random/{name}"), _folder.In(name));
        SameAsPublished("gpt2-tiny-random", _folder.Path);
    }

    private static void SameAsPublished(string model, string folder)
    {
        var tokenizer = Assert.IsType<ByteLevelBpeTokenizer>(HuggingFaceTokenizer.Open(folder));
        var cases = Expected(model).GetProperty("cases");
        Assert.Equal(7, cases.GetArrayLength());
        foreach (var example in cases.EnumerateArray())
        {
            var ids = tokenizer.Encode(example.GetProperty("text").GetString()!);
            Same(example, tokenizer, ids);
            Assert.Equal(example.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        }
    }

    private static void Same(JsonElement example, ITokenizer tokenizer, int[] ids)
    {
        Assert.Equal(Ids(example, "input_ids"), ids);
        Assert.Equal(example.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()), ids.Select(id => tokenizer.Vocabulary[id]));
    }

    private static int[] Ids(JsonElement example, string name) => [.. example.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];

    private static JsonElement Expected(string model) => JsonDocument.Parse(File.ReadAllText(RealModels.Need($"{model}/expected.json"))).RootElement;
}
