using CustomerValue.Testing;
using CustomerValue.Text.Tokenizers;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerValue.Tests.Text.Tokenizers;

/// <summary>Byte-level BPE over a vocabulary that is written here: all bytes, and a few merges.</summary>
public sealed class ByteLevelBpeTokenizerTests : IDisposable
{
    private static readonly (string Left, string Right)[] s_merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("i", "n"), ("Ġ", "a"), ("ä", "½"), ("in", "g")];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Tokens() =>
        [.. Enumerable.Range(0, 256).Select(b => ByteLevel.CharacterOf((byte)b).ToString()), .. s_merges.Select(m => m.Left + m.Right)];

    private static string VocabularyJson(IEnumerable<string> tokens) => System.Text.Json.JsonSerializer.Serialize(tokens.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id));

    private static string Merges() => "#version: 0.2\n" + string.Concat(s_merges.Select(m => $"{m.Left} {m.Right}\n"));

    private ByteLevelBpeTokenizer Open()
    {
        _folder.Write("vocab.json", VocabularyJson(Tokens()));
        _folder.Write("merges.txt", Merges());
        return Assert.IsType<ByteLevelBpeTokenizer>(HuggingFaceTokenizer.Open(_folder.Path));
    }

    [Fact]
    public void Earlier_merges_come_first_and_stay_inside_words()
    {
        var tokenizer = Open();
        string[] Cut(string text) => [.. tokenizer.EncodePlain(text).Select(id => tokenizer.Vocabulary[id])];
        Assert.Equal(["the", "Ġthe", "Ġa", "t"], Cut("the the at"));
        Assert.Equal(["th", "ing"], Cut("thing"));                       // i n before in g
        Assert.Equal(["ä½", "ł"], Cut("你"));                             // its first two bytes are joined, the third isn't
        Assert.Empty(Cut(""));
    }

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        var tokenizer = Open();
        Prop.ForAll<string?>(drawn =>
        {
            var text = string.Concat((drawn ?? "").EnumerateRunes());     // half a surrogate pair isn't text: it becomes U+FFFD
            var ids = tokenizer.Encode(text);
            return tokenizer.Decode(ids) == text && ids.All(id => id >= 0 && id < tokenizer.Vocabulary.Count) && tokenizer.Encode(text, 3).SequenceEqual(ids.Take(3));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Real_reviews_are_cut_as_the_library_of_ML_NET_cuts_them()
    {
        var folder = RealModels.Need("gpt2-tiny-random");
        var ours = HuggingFaceTokenizer.Open(folder);
        var theirs = Microsoft.ML.Tokenizers.BpeTokenizer.Create(new Microsoft.ML.Tokenizers.BpeOptions(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"))
        {
            ByteLevel = true, PreTokenizer = new Microsoft.ML.Tokenizers.RegexPreTokenizer(new(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), null),
        });
        var texts = CustomerValue.Text.TextColumn.Read(RealData.Need("chinese_reviews/online_shopping_10_cats.csv.gz"), "review").Select(t => t.Text).Where((_, row) => row % 40 == 0).ToArray();
        Assert.True(texts.Length > 1500);
        Assert.DoesNotContain(texts, text => !ours.EncodePlain(text).SequenceEqual(theirs.EncodeToIds(text)));
    }

    [Fact]
    public void A_byte_without_a_token_is_told_with_the_file()
    {
        _folder.Write("vocab.json", VocabularyJson(Tokens().Where(t => t != "q")));
        _folder.Write("merges.txt", Merges());
        var error = Assert.Throws<InvalidDataException>(() => HuggingFaceTokenizer.Open(_folder.Path));
        Assert.Contains("vocab.json: The vocabulary has no token 'q' for byte 113", error.Message, StringComparison.Ordinal);
    }
}
