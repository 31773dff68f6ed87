using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Ingestion;

public sealed class TextDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TextDataset Real(string name) => TextDataset.Named(name, RealData.Need(name switch
    {
        "en-cloth" or "en-cloth-stars" => "womens_clothing_reviews",
        "en-intent" => "banking77",
        _ => "chinese_reviews",
    }));

    [Theory]
    [InlineData("zh-shop", 2, 50_202, 6_280, 6_242, "4446c6cdc81a", "6d1e52069fbd", "c1157558c7d3")]
    [InlineData("zh-hotel", 2, 6_194, 792, 779, "a524712f80df", "cecd00284e07", "2bd180b7d25d")]
    [InlineData("en-cloth", 2, 18_162, 2_255, 2_220, "aadcba726135", "073fc7fd6cb6", "7696acfe3e9f")]
    [InlineData("en-cloth-stars", 5, 18_162, 2_255, 2_220, "aadcba726135", "073fc7fd6cb6", "7696acfe3e9f")]
    [InlineData("en-intent", 77, 9_004, 995, 3_080, "2cba901ed63d", "6e57d3e62128", "be8c5599eb87")]
    public void Rows_and_texts_are_those_that_everyone_is_measured_on(string name, int classes, int train, int dev, int test, string trainTexts, string devTexts, string testTexts)
    {
        var data = Real(name);
        Assert.Equal((classes, train, dev, test), (data.Classes.Count, data.Train.Texts.Count, data.Dev.Texts.Count, data.Test.Texts.Count));
        Assert.Equal((trainTexts, devTexts, testTexts), (data.Train.Fingerprint, data.Dev.Fingerprint, data.Test.Fingerprint));
        Assert.All(new[] { data.Train, data.Dev, data.Test }, split => Assert.Equal(split.Texts.Count, split.Labels.Count));
    }

    [Fact]
    public void What_learns_from_the_shop_leaves_out_what_the_hotel_is_chosen_and_judged_by()
    {
        var (shop, hotel) = (Real("zh-shop"), Real("zh-hotel"));
        Assert.Equal((124, 135), (Shared(shop.Train, hotel.Test), Shared(shop.Train, hotel.Dev)));
        var apart = shop.WithoutSharedWith(hotel);
        Assert.All(new[] { apart.Train, apart.Dev }, split => Assert.Equal((0, 0), (Shared(split, hotel.Test), Shared(split, hotel.Dev))));
        Assert.Equal(shop.Test, apart.Test);
        Assert.InRange(shop.Train.Texts.Count - apart.Train.Texts.Count, 259, 400);

        static int Shared(TextSplit split, TextSplit judge) => split.Texts.Select(TextDataset.Bare).ToHashSet() is var known ? judge.Texts.Count(text => known.Contains(TextDataset.Bare(text))) : 0;
    }

    // SHA-256 of "c" begins with 2e7d2c03 (modulo 10: 3), of "p" with 148de9c5 (1), of "a" with ca978112 (0): train, dev, test.
    [Fact]
    public void A_text_goes_where_its_hash_says_trimmed_and_once()
    {
        var data = Shop("label,cat,review\n1,x,c\n0,x,  a \n1,x,p\n0,x,c\n1,x,   \n");
        Assert.Equal(["c"], data.Train.Texts);
        Assert.Equal(["p"], data.Dev.Texts);
        Assert.Equal(["a"], data.Test.Texts);
        Assert.Equal([1, 1, 0], [.. data.Train.Labels, .. data.Dev.Labels, .. data.Test.Labels]);
    }

    [Fact]
    public void The_order_of_rows_changes_the_data_but_not_which_texts_they_are()
    {
        var (one, other) = (Shop("label,review\n1,d\n0,c\n"), Shop("label,review\n0,c\n1,d\n"));
        Assert.Equal(one.Train.Fingerprint, other.Train.Fingerprint);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        Assert.NotEqual(one.Fingerprint, Shop("label,review\n0,d\n0,c\n").Fingerprint);
    }

    [Theory]
    [InlineData("很好，服务 不错！", "很好服务不错")]
    [InlineData("5 stars... \U0001F600", "5stars")]
    public void Bare_is_what_a_text_says(string text, string bare) => Assert.Equal(bare, TextDataset.Bare(text));

    [Theory]
    [InlineData("label,review\n1,good\nyes,bad\n", "line 3: the label 'yes' is neither 0 nor 1")]
    [InlineData("label,review\n1,good\n1,bad,more\n", "line 3: 3 fields where the header has 2")]
    [InlineData("label,text\n1,good\n", "missing 'review'. Found the columns 'label', 'text'")]
    public void A_table_that_isnt_the_published_one_is_refused_by_line(string table, string message) =>
        Assert.Contains(message, Assert.Throws<TableRefusedException>(() => Shop(table)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_absent_or_unknown_is_told()
    {
        Assert.Contains("online_shopping_10_cats.csv is expected in it", Assert.Throws<DirectoryNotFoundException>(() => TextDataset.Named("zh-shop", _folder.In("none"))).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.In("readme.txt"), "");
        Assert.Contains("It holds: readme.txt", Assert.Throws<FileNotFoundException>(() => TextDataset.Named("zh-shop", _folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("Known: zh-shop, zh-hotel", Assert.Throws<ArgumentException>(() => TextDataset.Named("fr-shop", _folder.Path)).Message, StringComparison.Ordinal);
    }

    private TextDataset Shop(string table)
    {
        File.WriteAllText(_folder.In("online_shopping_10_cats.csv"), table);
        return TextDataset.Named("zh-shop", _folder.Path);
    }
}
