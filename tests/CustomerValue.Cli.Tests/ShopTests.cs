using CustomerValue.DuckDb;
using CustomerValue.Ingestion;
using CustomerValue.Models.Text;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

public class ShopTests
{
    private static Shop Sample() => Shop.Open(Path.Combine(RealData.Root, "data-samples", "shop"), Pseudonyms.Published);

    [Fact]
    public void A_shop_is_loaded_once_and_read_from_there()
    {
        var (shop, again) = (Sample(), Sample());
        Assert.True(again.Report.WasLoadedBefore);
        Assert.Equal(shop.Warehouse.Fingerprint, again.Warehouse.Fingerprint);
        Assert.Equal(shop.Warehouse.Rows(RecordKind.Purchases), shop.Purchases.Count);
        Assert.True(shop.HasTexts);
        using var sql = shop.Connect();
        using var count = sql.CreateCommand();
        count.CommandText = "SELECT count(*) FROM purchases";
        Assert.Equal((long)shop.Purchases.Count, count.ExecuteScalar());
    }

    [Fact]
    public void Cutoffs_follow_from_the_purchases_and_what_is_known_by_a_day_lies_before_it()
    {
        var shop = Sample();
        shop.Split.Validate();
        Assert.Equal(OwnShop.In(shop.Data.Folder).Split.TestCutoff, shop.Split.TestCutoff);
        var table = shop.Features(new FeatureQuery("rfm")).At(shop.Split.TestCutoff);
        Assert.NotEqual(0, table.Rows);
        Assert.Empty(shop.KnownBy(shop.Split.TrainCutoffs[0]));
    }

    [Fact]
    public void Texts_stop_at_the_cutoff_and_answer_a_question_in_parts()
    {
        var shop = Sample();
        var cutoff = new DateOnly(2024, 4, 1);
        Assert.All(shop.Texts(cutoff), text => Assert.True(text.At < cutoff.ToDateTime(TimeOnly.MinValue)));
        var task = shop.Ask(null, cutoff);
        Assert.Equal(ShopTextQuestion.Sentiment, task.Question);
        Assert.True(task.Train.Texts.Count > 1_000 && task.Dev.Texts.Count > 100 && task.Test.Texts.Count > 500, $"{task.Train.Texts.Count} {task.Dev.Texts.Count} {task.Test.Texts.Count}");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() => Assert.Throws<DirectoryNotFoundException>(() => Shop.Open("nowhere/shop"));

    [Fact]
    public void Where_nobody_writes_orders_are_the_texts()
    {
        var shop = Shop.Open(Path.GetDirectoryName(RealData.Need("online_retail_ii/online_retail_II_2009-2010.csv.gz"))!, Pseudonyms.Published);
        Assert.False(shop.HasTexts);
        Assert.Equal(["order"], shop.Texts(new(2010, 3, 1)).Select(t => t.Source).Distinct());
        Assert.Equal(ShopTextQuestion.Loyalty, shop.Ask(null, new(2011, 1, 1)).Question);
    }
}
