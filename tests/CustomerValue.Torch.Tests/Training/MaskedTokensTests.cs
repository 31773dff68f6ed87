using CustomerValue.Text;
using CustomerValue.Text.Tokenizers;
using CustomerValue.Torch.Training;

namespace CustomerValue.Torch.Tests.Training;

public class MaskedTokensTests
{
    private static readonly LetterTokenizer s_tokenizer = new();
    private static readonly SpecialTokens s_special = s_tokenizer.Special;

    [Fact]
    public void Pieces_belong_to_the_word_before_them()
    {
        var words = WordTokens.Of("good 东西", s_tokenizer);
        Assert.Equal([true, false, false, false, true, true], words.Starts);
    }

    [Fact]
    public void A_piece_that_goes_on_in_Chinese_is_a_word_of_its_own()
    {
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "质量", "##很好", "good", "##ness"];
        var folder = Directory.CreateTempSubdirectory().FullName;
        WordPieceFolder.Write(folder, new WordPieceVocabulary(vocabulary, new() { ChineseCharacters = false }, new(0, 0, 0, 0, 1, 0, 0)));
        var words = WordTokens.Of("质量很好 goodness", HuggingFaceTokenizer.Open(folder));
        Assert.Equal([5, 6, 7, 8], words.Ids);
        Assert.Equal([true, true, true, false], words.Starts);
    }

    [Fact]
    public void A_segmenter_joins_characters_to_words()
    {
        var words = WordTokens.Of("东西很好", s_tokenizer, text => [2, 3, 4]);
        Assert.Equal([true, false, true, true], words.Starts);
        Assert.Equal(s_tokenizer.EncodePlain("东西很好"), words.Ids);
    }

    [Fact]
    public void A_segmenter_that_cuts_a_latin_word_is_not_followed() =>
        Assert.Equal([true, false, false, false], WordTokens.Of("good", s_tokenizer, text => [2, 4]).Starts);

    [Fact]
    public void A_segmenter_that_goes_backwards_is_refused() =>
        Assert.Contains("1 follows 2", Assert.Throws<ArgumentException>(() => WordTokens.Of("很好", s_tokenizer, text => [2, 1])).Message);

    [Fact]
    public void Whole_words_are_hidden_and_nothing_else_changes()
    {
        var rows = Rows("东西很好", "good 手机 bad", "不喜欢客服");
        for (var step = 0; step < 200; step++)
        {
            var batch = new MaskedTokens(s_special, s_tokenizer.Vocabulary.Count, 0.3).Of(rows, SplitMix64.Stream(1, step));
            var width = batch.Tokens.Length;
            var hidden = batch.Positions.ToHashSet();
            Assert.Equal(batch.Positions.Order(), batch.Positions);
            for (var row = 0; row < rows.Count; row++)
                for (var at = 0; at < rows[row].Count; at++)
                {
                    var place = row * width + at;
                    if (!hidden.Contains(place)) Assert.Equal(rows[row].Ids[at], batch.Tokens.Ids[place]);
                    else Assert.Equal(rows[row].Ids[at], batch.Targets[Array.IndexOf(batch.Positions, place)]);
                    if (at > 0 && !rows[row].Starts[at]) Assert.Equal(hidden.Contains(place - 1), hidden.Contains(place));
                    if (rows[row].Ids[at] is 2 or 3) Assert.DoesNotContain(place, hidden);
                }
        }
    }

    [Fact]
    public void Four_of_five_hidden_tokens_show_the_mask_and_one_of_ten_itself()
    {
        var rows = Rows([.. Enumerable.Repeat("东西很好不喜欢客服手机退货", 50)]);
        var masked = new MaskedTokens(s_special, 5000);
        var (mask, same, all, tokens) = (0, 0, 0, 0);
        for (var step = 0; step < 50; step++)
        {
            var batch = masked.Of(rows, SplitMix64.Stream(3, step));
            mask += batch.Positions.Count(p => batch.Tokens.Ids[p] == s_special.Mask);
            same += batch.Positions.Zip(batch.Targets).Count(p => batch.Tokens.Ids[p.First] == p.Second);
            all += batch.Positions.Length;
            tokens += rows.Sum(r => r.Count - 2);
        }
        Assert.Equal(0.15, (double)all / tokens, 0.005);
        Assert.Equal(0.8, (double)mask / all, 0.02);
        Assert.Equal(0.1, (double)same / all, 0.02);
    }

    [Fact]
    public void A_step_repeats_its_batch()
    {
        var (rows, masked) = (Rows("东西很好", "不喜欢客服"), new MaskedTokens(s_special, 100));
        var (one, again, next) = (masked.Of(rows, SplitMix64.Stream(1, 9)), masked.Of(rows, SplitMix64.Stream(1, 9)), masked.Of(rows, SplitMix64.Stream(1, 10)));
        Assert.Equal(one.Tokens.Ids, again.Tokens.Ids);
        Assert.Equal(one.Positions, again.Positions);
        Assert.NotEqual(one.Positions.Concat(one.Tokens.Ids), next.Positions.Concat(next.Tokens.Ids));
    }

    [Fact]
    public void A_vocabulary_without_a_mask_is_refused() =>
        Assert.Contains("[MASK]", Assert.Throws<ArgumentException>(() => new MaskedTokens(new(), 100)).Message);

    private static IReadOnlyList<WordTokens> Rows(params string[] texts) =>
        new TokenRows([.. texts.Select(t => WordTokens.Of(t, s_tokenizer))], s_special, RowLayout.Single, 64, 100_000, 1).Epoch(0).SelectMany(b => b).ToArray();
}
