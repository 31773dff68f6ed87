using CustomerValue.Testing;
using CustomerValue.Text.Tokenizers;

namespace CustomerValue.Tests.Text.Tokenizers;

public sealed class WordPieceTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_commonest_pair_is_joined_first_and_special_tokens_come_before_characters()
    {
        // hug x10, pug x5, pun x12, bun x4, hugs x5 (the case of Sennrich, Haddow and Birch's method that textbooks work by hand): ##u ##g stands 20 times, ##u ##n 16 times, h ##ug 15 times.
        var texts = Enumerable.Repeat("hug", 10).Concat(Enumerable.Repeat("pug", 5)).Concat(Enumerable.Repeat("pun", 12)).Concat(Enumerable.Repeat("bun", 4)).Concat(Enumerable.Repeat("hugs", 5));
        var vocabulary = new WordPieceTrainer(new() { Size = 16, CharacterShare = 1 }).Train(texts);

        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "b", "h", "p", "##g", "##n", "##s", "##u", "##ug", "##un", "hug", "pun"], vocabulary.Tokens);
        Assert.Equal((4, 12L), (vocabulary.Report.JoinedPieces, vocabulary.Report.RarestPair));
        Assert.Equal((5, 7, 1.0), (vocabulary.Report.DifferentWords, vocabulary.Report.KeptCharacters, vocabulary.Report.Coverage));
    }

    [Fact]
    public void Order_of_texts_and_threads_change_nothing()
    {
        string[] texts = [.. Enumerable.Range(0, 9000).Select(i => $"订单{i % 97} arrived 很快 and the {(char)('a' + i % 23)}{(char)('a' + i % 7)}box was 破损 {i % 11}")];
        var one = new WordPieceTrainer(new() { Size = 200 }).Train(texts).Tokens;
        Assert.Equal(one, new WordPieceTrainer(new() { Size = 200, Threads = 3 }).Train(texts.Reverse()).Tokens);
        Assert.Equal(200, one.Count);
    }

    [Fact]
    public void Rare_characters_go_first_when_the_budget_is_short()
    {
        var vocabulary = new WordPieceTrainer(new() { Size = 16, CharacterShare = 0.2 }).Train(["好好好 差差 一 一 中"]);
        Assert.Equal(["一", "好"], vocabulary.Tokens.Skip(5).Order(StringComparer.Ordinal));
        Assert.InRange(vocabulary.Report.Coverage, 5 / 8.0 - 1e-12, 5 / 8.0 + 1e-12);
    }

    [Fact]
    public void Chinese_words_become_pieces_where_ideographs_are_not_set_apart()
    {
        var texts = Enumerable.Repeat("质量很好", 20).Append("质量差");
        var options = new WordPieceTrainerOptions { Size = 20, CharacterShare = 1, MinCharacterCount = 1, Text = new() { ChineseCharacters = false } };
        Assert.Contains("质量很好", new WordPieceTrainer(options).Train(texts).Tokens);
        Assert.DoesNotContain(new WordPieceTrainer(options with { Text = new() }).Train(texts).Tokens, t => t.Length > 1 && t[0] != '[');
    }

    [Fact]
    public void What_is_written_is_read_as_learned()
    {
        var vocabulary = new WordPieceTrainer(new() { Size = 60, Text = new() { ChineseCharacters = false } }).Train(Enumerable.Repeat("The parcel came late, 包裹来晚了", 5));
        WordPieceFolder.Write(_folder.Path, vocabulary);
        var read = Assert.IsType<WordPieceTokenizer>(HuggingFaceTokenizer.Open(_folder.Path));
        Assert.Equal(vocabulary.Tokens, read.Vocabulary);
        Assert.Equal(vocabulary.Text, read.TextOptions);
        var ids = read.Encode("the parcel 包裹");
        Assert.Equal((2, 3), (ids[0], ids[^1]));
        Assert.DoesNotContain(1, ids);
    }

    [Fact]
    public void Texts_without_words_are_refused() =>
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => new WordPieceTrainer().Train(["", "  "])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cancelled_training_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new WordPieceTrainer().Train(["a b c"], null, cancelled.Token));
    }
}
