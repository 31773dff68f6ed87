using CustomerValue.Testing;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Tests.Text.Tokenizers;

/// <summary>tokenizer.json: what is read, and that whatever isn't is refused by file and field.</summary>
public sealed class TokenizerJsonTests : IDisposable
{
    private const string WordPiece = """
        {"normalizer": {"type": "BertNormalizer", "lowercase": true}, "pre_tokenizer": {"type": "BertPreTokenizer"},
         "added_tokens": [{"id": 0, "content": "[PAD]", "special": true}, {"id": 1, "content": "[UNK]", "special": true}, {"id": 2, "content": "[CLS]", "special": true}, {"id": 3, "content": "[SEP]", "special": true}],
         "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 2], "sep": ["[SEP]", 3]},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "late": 4, "par": 5, "##cel": 6, "快": 7}}}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CustomerValue.Text.ITokenizer Open(string json)
    {
        _folder.Write("tokenizer.json", json);
        return HuggingFaceTokenizer.Open(_folder.Path);
    }

    [Fact]
    public void Word_pieces_are_read()
    {
        var tokenizer = Open(WordPiece);
        Assert.Equal([2, 5, 6, 4, 7, 1, 3], tokenizer.Encode("Parcel LATE 快慢"));
        Assert.Equal([2, 5, 3], tokenizer.Encode("Parcel LATE", maxTokens: 3));
        Assert.Equal([2, 3], tokenizer.Encode(""));
        Assert.Equal([2, 5, 6, 3, 4, 3], tokenizer.Encode("parcel[SEP]late"));        // a special token that is written in a text is that token
    }

    [Theory]
    [InlineData("\"type\": \"WordPiece\"", "\"type\": \"Unigram\"", "model.type")]
    [InlineData("BertPreTokenizer", "Metaspace", "pre_tokenizer.type")]
    [InlineData("BertNormalizer", "Precompiled", "normalizer.type")]
    [InlineData("BertProcessing", "Strange", "post_processor.type")]
    [InlineData("[\"[CLS]\", 2]", "[\"[CLS]\", 4]", "post_processor.cls")]
    [InlineData("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"<unk>\"", "model.unk_token")]
    [InlineData("\"late\": 4", "\"late\": 5", "twice")]
    [InlineData("\"late\": 4", "\"late\": -4", "model.vocab")]
    [InlineData("\"late\": 4", "\"late\": 4000000", "largest id")]
    [InlineData("\"id\": 2, \"content\"", "\"id\": 4, \"content\"", "added token")]
    [InlineData("\"lowercase\": true", "\"lowercase\": true, \"clean_text\": false", "normalizer.clean_text")]
    [InlineData("\"快\": 7}}}", "", "isn't JSON")]
    public void Whatever_isnt_read_is_refused_by_file_and_field(string what, string by, string told)
    {
        Assert.Contains(what, WordPiece, StringComparison.Ordinal);
        var error = Assert.Throws<InvalidDataException>(() => Open(WordPiece.Replace(what, by, StringComparison.Ordinal)));
        Assert.Contains(Path.Combine(_folder.Path, "tokenizer.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_without_an_unknown_token_is_told_with_the_file()
    {
        var error = Assert.Throws<InvalidDataException>(() => Open("""{"pre_tokenizer": {"type": "BertPreTokenizer"}, "model": {"type": "WordPiece", "vocab": {"a": 0}}}"""));
        Assert.Contains("tokenizer.json: The vocabulary has no unknown token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spoilt_files_are_refused_in_words_or_read()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = SplitMix64.Stream(20261124, seed);
            var bytes = System.Text.Encoding.UTF8.GetBytes(WordPiece);
            for (var change = random.Below(3); change >= 0; change--) bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            File.WriteAllBytes(_folder.In("tokenizer.json"), random.Below(4) == 0 ? bytes[..random.Below(bytes.Length)] : bytes);
            try { HuggingFaceTokenizer.Open(_folder.Path).Encode("Parcel late 快"); }
            catch (InvalidDataException error) { Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal); }
        }
    }
}
