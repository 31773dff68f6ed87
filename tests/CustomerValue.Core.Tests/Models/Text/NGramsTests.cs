using CustomerValue.Models.Text;

namespace CustomerValue.Tests.Models.Text;

public class NGramsTests
{
    private static FittedNGrams Fit(IReadOnlyList<string> texts, params NGramBlock[] blocks) => new NGrams(blocks, NGramWeight.TfIdf).Fit(texts);

    [Theory]
    [InlineData("Good  SHIRT", " good shirt ")]
    [InlineData("ＡＢＣ１２！", " abc12! ")]           // full-width forms
    [InlineData("很 好\n", " 很 好 ")]
    [InlineData("", " ")]
    public void N_grams_see_lower_case_plain_width_and_single_blanks(string text, string prepared) => Assert.Equal(prepared, NGramUnits.Prepared(text));

    [Fact]
    public void A_weight_is_one_plus_log_tf_times_idf_and_a_row_has_length_1()
    {
        // " ab " and " abc ": blank, a and b stand in both texts (idf 1 + log(3/3) = 1), c in one (idf 1 + log(3/2)).
        var x = Fit(["ab", "abc"], NGramBlock.Characters(1, 1, minimumTexts: 1)).Transform(["ab", "abc", "ccc"]);
        var blank = 1 + Math.Log(2);
        var length = Math.Sqrt(blank * blank + 1 + 1);
        Assert.Equal([0, 1, 2], x.RowAt(0).ToArray());
        Assert.Equal([blank / length, 1 / length, 1 / length], x.RowValues(0).ToArray().Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);

        var (two, c) = (1 + Math.Log(2), (1 + Math.Log(3)) * (1 + Math.Log(1.5)));      // " ccc ": two blanks, three c
        Assert.Equal(c / Math.Sqrt(two * two + c * c), x.RowValues(2)[1], 1e-6);
    }

    [Fact]
    public void Kinds_have_columns_of_their_own_and_share_the_length()
    {
        var grams = Fit(["good shirt", "good"], NGramBlock.Words(1, 1, minimumTexts: 1), NGramBlock.Characters(4, 4, minimumTexts: 1));
        var x = grams.Transform(["good"]);
        Assert.Equal(2 + 9, grams.Columns);                       // good, shirt; " goo" "good" "ood " "od s" "d sh" " shi" "shir" "hirt" "irt "
        Assert.Equal(0.5, Math.Pow(x.RowValues(0)[0], 2), 1e-6);
        Assert.Equal(1, x.RowValues(0).ToArray().Sum(v => (double)v * v), 1e-6);
    }

    [Fact]
    public void Rare_n_grams_dont_count_and_none_reaches_over_a_rare_unit()
    {
        var grams = Fit(["a b c", "a b d", "a x b"], NGramBlock.Words(1, 2));
        Assert.Equal(3, grams.Columns);                            // a, b, "a b"
        Assert.Equal(2, grams.Transform(["a x b"]).RowAt(0).Length);
        Assert.Equal(0, grams.Transform(["nothing known"]).RowAt(0).Length);
    }

    [Fact]
    public void Columns_are_the_n_grams_that_strings_would_give()
    {
        var random = new SplitMix64(7);
        string[] texts = [.. Enumerable.Range(0, 60).Select(_ => new string([.. Enumerable.Range(0, 30).Select(_ => "ab 很好，差!"[random.Below(8)])]))];
        var counts = new Dictionary<string, int>();
        foreach (var text in texts.Select(NGramUnits.Prepared))
            foreach (var gram in Strings(text).Distinct()) counts[gram] = counts.GetValueOrDefault(gram) + 1;
        var expected = counts.Where(c => c.Value >= 3).Select(c => c.Key).ToHashSet();

        var grams = Fit(texts, NGramBlock.Characters(2, 4, minimumTexts: 3));
        Assert.Equal(expected.Count, grams.Columns);
        var x = grams.Transform(texts);
        for (var row = 0; row < texts.Length; row++)
            Assert.Equal(Strings(NGramUnits.Prepared(texts[row])).Where(expected.Contains).Distinct().Count(), x.RowAt(row).Length);

        static IEnumerable<string> Strings(string text) =>
            from length in Enumerable.Range(2, 3) from start in Enumerable.Range(0, Math.Max(0, text.Length - length + 1)) select text.Substring(start, length);
    }

    [Fact]
    public void Words_of_both_languages_are_found_without_a_dictionary() =>
        Assert.Equal(["don't", "buy", "!", "很", "好", "5", "stars", "?"], WordSplit.Simple.Words("don't buy! 很好 5 stars?"));

    [Fact]
    public void A_dictionary_finds_the_words_of_Chinese() => Assert.Equal(["质量", "很好", "good", "shirt"], WordSplit.Dictionary.Words("质量很好，good shirt!"));

    [Fact]
    public void N_grams_too_long_to_be_told_apart_are_refused()
    {
        string[] texts = [.. Enumerable.Range(0, 2).Select(_ => string.Concat(Enumerable.Range(0, 600).Select(i => (char)(0x4e00 + i))))];
        Assert.Contains("need 10 bits each", Assert.Throws<ArgumentException>(() => Fit(texts, NGramBlock.Characters(1, 7))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NGramBlock.Words(3, 2));
        Assert.Contains("there are none", Assert.Throws<ArgumentException>(() => Fit([], NGramBlock.Words(1, 1))).Message, StringComparison.Ordinal);
    }
}
