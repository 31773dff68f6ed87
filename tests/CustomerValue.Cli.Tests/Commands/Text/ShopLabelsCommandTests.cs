using CustomerValue.Testing;
using CustomerValue.Text;

namespace CustomerValue.Cli.Tests.Commands.Text;

/// <summary>Labels from a shop's own records, and texts close to one, from the command line.</summary>
public sealed class ShopLabelsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Shop()
    {
        Directory.CreateDirectory(_folder.In("shop"));
        _folder.Write("shop/reviews.csv", "customer_id,reviewed_at,product_id,stars,text\na,2024-01-10 10:00:00,p,5,good\nb,2024-01-10 10:00:00,p,1,bad\na,2024-02-25 10:00:00,p,3,so so\na,2024-03-02 10:00:00,p,4,after the cutoff\n");
        _folder.Write("shop/purchases.csv", "customer_id,order_id,purchased_at,product_id,quantity,unit_price,currency\na,1,2024-01-01 09:00:00,p,1,10,EUR\na,2,2024-01-15 09:00:00,p,1,10,EUR\nb,3,2024-01-02 09:00:00,p,1,10,EUR\na,4,2024-03-05 09:00:00,p,1,10,EUR\n");
        return _folder.In("shop");
    }

    private string[] Column(string file, string name) => [.. TextColumn.Read(file, "text", name).Select(t => t.Group ?? "")];

    [Fact]
    public void Texts_get_what_the_records_say_and_nothing_from_the_cutoff_on()
    {
        var output = _folder.In("labels.parquet");
        var told = CommandRun.Of("text", "shop-labels", "--records", Shop(), "--at", "2024-03-01", "--output", output, "--loyalty-days", "40", "--json").Json;
        Assert.Equal(3, told.GetProperty("texts").GetInt32());
        Assert.Equal(["good", "bad", "so so"], TextColumn.Read(output, "text").Select(t => t.Text));
        Assert.Equal(["yes", "no", ""], Column(output, "sentiment"));
        Assert.Equal(["yes", "no", ""], Column(output, "intent"));           // the last window of 14 days ends after the cutoff
        Assert.Equal(["yes", "no", ""], Column(output, "loyalty"));
        Assert.Equal((2, 2, 2), (told.GetProperty("sentiment").GetInt32(), told.GetProperty("intent").GetInt32(), told.GetProperty("loyalty").GetInt32()));
        Assert.Throws<InvalidDataException>(() => Column(output, "customer_id"));
    }

    [Fact]
    public void A_cutoff_before_every_text_is_told() =>
        Assert.Contains("no review or chat before 2020-01-01", CommandRun.Of("text", "shop-labels", "--records", Shop(), "--at", "2020-01-01", "--output", _folder.In("x.parquet")).Errors, StringComparison.Ordinal);

    [Fact]
    public void The_closest_texts_come_first_and_equal_ones_once()
    {
        var file = _folder.Write("texts.csv", "text\nthe shoes are too small\nthe parcel arrived late\nthe parcel arrived late\ngreat colour\n");
        var found = CommandRun.Of("text", "nearest", file, "--column", "text", "--model", RealModels.Need("all-minilm-l6-v2"), "--text", "my package came two weeks late", "--count", "9", "--json").Json;
        Assert.Equal([2, 1, 4], found.EnumerateArray().Select(n => n.GetProperty("row").GetInt32()).OrderByDescending(r => r == 2).ThenBy(r => r));
        Assert.Equal(2, found[0].GetProperty("row").GetInt32());
        Assert.True(found[0].GetProperty("cosine").GetDouble() > found[1].GetProperty("cosine").GetDouble() + 0.1);
    }
}
