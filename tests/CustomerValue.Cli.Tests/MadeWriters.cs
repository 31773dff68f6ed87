using System.Globalization;
using System.Text;
using CustomerValue.Testing;

namespace CustomerValue.Cli.Tests;

/// <summary>A small made-up shop, as files: half of its customers complain, and order no more.</summary>
internal static class MadeWriters
{
    public static readonly DateOnly First = new(2024, 7, 1), Test = new(2024, 9, 1);
    public const int HorizonDays = 60;

    /// <summary>Writes the shop into <c>shop</c> of a folder.</summary>
    public static string Shop(TemporaryFolder folder)
    {
        var (orders, reviews) = (new StringBuilder("customer_id,order_id,purchased_at,product_id,description,quantity,unit_price,currency\n"), new StringBuilder("customer_id,reviewed_at,product_id,stars,text\n"));
        for (var customer = 0; customer < 160; customer++)
        {
            var (random, content) = (SplitMix64.Stream(7, customer), customer % 2 == 0);
            var day = new DateTime(2024, 1, 1, 9, 0, 0).AddDays(random.Below(90));
            for (var order = 0; order < (content ? 12 : 3); order++, day = day.AddDays(10 + random.Below(20)))
            {
                orders.Append(CultureInfo.InvariantCulture, $"c{customer:000},o{customer}-{order},{day:yyyy-MM-dd HH:mm:ss},p,{(random.Below(2) == 0 ? "blue mug" : "tin of tea")},1,{5 + random.Below(30)},EUR\n");
                if (order % 2 == 0) reviews.Append(CultureInfo.InvariantCulture, $"c{customer:000},{day.AddDays(2):yyyy-MM-dd HH:mm:ss},p,{(content ? 5 : 1)},{(content ? "the cat sat well" : "broken on the mat")} {random.Below(100)}\n");
            }
        }
        Directory.CreateDirectory(folder.In("shop"));
        folder.Write("shop/purchases.csv", orders.ToString());
        folder.Write("shop/reviews.csv", reviews.ToString());
        return folder.In("shop");
    }
}
