using CustomerValue.Ingestion;
using CustomerValue.Testing;

namespace CustomerValue.Tests.Ingestion;

public class MappingReaderTests
{
    /// <summary>The worked example: one shop whose files are called, laid out and written quite differently from the defaults.</summary>
    private const string Example = """
        name: bike-shop
        encoding: utf-8
        dates: [dd.MM.yyyy HH:mm, dd.MM.yyyy]
        decimal: ","
        thousands: "."
        purchases:
          delimiter: semicolon
          currency: EUR
          columns: {customer_id: Kunde, order_id: Beleg, at: Datum, product_id: Artikel, quantity: Menge, amount: Summe, is_return: Art}
          values:
            is_return: {Rechnung: false, Gutschrift: true}
          exclude:
            - field: product_id
              is: [VERSAND, RABATT]
              reason: no product
          sources:
            - files: belege-*.csv
            - files: alt.tsv
              delimiter: tab
              header: false
              columns: {customer_id: 1, order_id: 2, at: 3, product_id: 4, quantity: 5, amount: 6, is_return: 7}
        browsing:
          files: klicks.csv
          columns: {at: zeit}
          dates: unix
          values:
            kind: {pageview: view, addtocart: cart}
        reviews:
          files: bewertungen.csv
        """;

    [Fact]
    public void A_shop_with_other_names_layouts_and_marks_is_read_by_its_mapping()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mapping.yaml", Example);
        folder.Write("belege-1.csv", "Beleg;Datum;Kunde;Artikel;Menge;Summe;Art\nR1;01.03.2024 10:30;K1;Rad;2;1.234,50;Rechnung\nG1;02.03.2024;K1;Rad;1;617,25;gutschrift\nR2;01.03.2024;K2;VERSAND;1;4,90;Rechnung\n");
        folder.Write("alt.tsv", "K3\tR0\t24.12.2019 08:00\tHelm\t3\t100\tRechnung\n");
        folder.Write("klicks.csv", "customer_id,session_id,zeit,kind,product_id,query\nK1,s1,1709288000,PageView,Rad,\nK1,s1,1709288005,search,,rad rot\n");
        folder.Write("bewertungen.csv", "customer_id,reviewed_at,text\nK1,05.03.2024,\"Gut, \"\"sehr\"\" gut\"\n");
        var data = Dataset.Open(folder.Path);
        Assert.Equal("bike-shop", data.Name);
        Assert.Equal(["belege-1.csv", "alt.tsv", "klicks.csv", "bewertungen.csv"], data.Files.Select(f => f.Name));

        using var log = new ReadLog();
        var batches = data.Read(Pseudonyms.Published, log).ToList();
        var purchases = batches.OfType<RecordBatch<Purchase>>().SelectMany(b => b.Records.ToArray()).ToList();
        Assert.Equal(
            [
                new("K1", "R1", new(2024, 3, 1, 10, 30, 0), "Rad", "", "", 2, 617.25m, "EUR", false),
                new("K1", "G1", new(2024, 3, 2), "Rad", "", "", -1, 617.25m, "EUR", true),
                new("K3", "R0", new(2019, 12, 24, 8, 0, 0), "Helm", "", "", 3, 100m / 3, "EUR", false),
            ], purchases);
        Assert.Equal(new Money(100, "EUR"), purchases[2].Amount);
        Assert.Equal(("no product", 1), (log.Rejected.Single().Reason, log.Rejected.Single().Rows));
        Assert.Equal(
            [new("K1", "s1", new(2024, 3, 1, 10, 13, 20), "view", "Rad", "", 0), new("K1", "s1", new(2024, 3, 1, 10, 13, 25), "search", "", "rad rot", 0)],
            batches.OfType<RecordBatch<BrowsingEvent>>().Single().Records.ToArray());
        Assert.Equal([new("K1", new(2024, 3, 5), "", 0, "Gut, \"sehr\" gut")], batches.OfType<RecordBatch<Review>>().Single().Records.ToArray());
    }

    [Fact]
    public void Chats_and_campaigns_are_read_under_their_default_names()
    {
        using var folder = new TemporaryFolder();
        folder.Write("dialogues.csv", "customer_id,dialogue_id,turn,spoken_at,speaker,text\nc1,d1,1,2024-03-01 10:00:00,Customer,你好\nc1,d1,2,2024-03-01 10:00:09,bot,hello\nc1,d1,0,2024-03-01,agent,x\n");
        folder.Write("campaigns.csv",
            "customer_id,campaign_id,contacted_at,treatment,channel,cost,currency,responded_at\nc1,k1,2024-03-01,coupon10,email,0.12,cny,2024-03-02 08:00:00\nc2,k1,2024-03-01,control,,,,\nc3,k1,2024-03-01,coupon10,email,0.12,CNY,2024-02-02\n");
        using var log = new ReadLog();
        var batches = Dataset.Open(folder.Path).Read(Pseudonyms.Published, log).ToList();
        Assert.Equal([new("c1", "d1", 1, new(2024, 3, 1, 10, 0, 0), "customer", "你好")], batches.OfType<RecordBatch<DialogueTurn>>().Single().Records.ToArray());
        Assert.Equal(
            [
                new("c1", "k1", new(2024, 3, 1), "coupon10", "email", new(0.12m, "CNY"), new(2024, 3, 2, 8, 0, 0)),
                new("c2", "k1", new(2024, 3, 1), "control", "", new(0, ""), null),
            ], batches.OfType<RecordBatch<CampaignContact>>().Single().Records.ToArray());
        Assert.Equal(["number out of range", "time out of range", "unknown value"], log.Rejected.Select(r => r.Reason).Order());
    }

    [Theory]
    [InlineData("returns:\n    order_prefix: C", "C7", "3", "1.5", "-3", true)]         // whatever its sign, a return counts negative
    [InlineData("returns:\n    order_prefix: C", "7", "-3", "1.5", "-3", true)]
    [InlineData("returns:\n    order_prefix: C", "7", "3", "-1.5", "-3", true)]
    [InlineData("returns:\n    order_prefix: C", "7", "3", "1.5", "3", false)]
    public void Returns_are_signed_whatever_way_a_shop_writes_them(string rule, string order, string quantity, string price, string expected, bool isReturn)
    {
        using var folder = new TemporaryFolder();
        folder.Write("mapping.yaml", $"currency: GBP\npurchases:\n  {rule}\n");
        folder.Write("purchases.csv", $"customer_id,order_id,at,quantity,unit_price\nc1,{order},2024-03-01,{quantity},{price}\n");
        var purchase = Assert.Single(Dataset.Open(folder.Path).Purchases(Pseudonyms.Published));
        Assert.Equal((decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), 1.5m, isReturn), (purchase.Quantity, purchase.UnitPrice, purchase.IsReturn));
    }

    [Fact]
    public void A_negative_line_that_no_rule_calls_a_return_is_rejected()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mapping.yaml", "currency: GBP\npurchases:\n  returns: {negative_quantity: false}\n");
        folder.Write("purchases.csv", "customer_id,order_id,at,quantity,unit_price\nc1,1,2024-03-01,-1,2\n");
        using var log = new ReadLog();
        Assert.Empty(Dataset.Open(folder.Path).Purchases(Pseudonyms.Published, log));
        Assert.Equal("negative line that is no return", Assert.Single(log.Rejected).Reason);
    }

    [Theory]
    [InlineData("colour: red", "line 1: 'colour' isn't a key of the mapping. Allowed: name, currency, encoding")]
    [InlineData("currency: pounds", "line 1: currency is 'pounds'; give an ISO 4217 code of three capitals")]
    [InlineData("purchases:\n  colums:\n    at: x", "line 2: 'colums' isn't a key of purchases")]
    [InlineData("purchases:\n  columns:\n    date: x", "line 3: 'date' is no field of purchases. Its fields: customer_id, order_id, at")]
    [InlineData("purchases:\n  delimiter: \"||\"", "line 2: delimiter is '||'; allowed are comma, semicolon, tab")]
    [InlineData("dates: dd/mm", "line 1: 'dd/mm' is no date pattern")]
    [InlineData("encoding: klingon", "line 1: encoding 'klingon' isn't known")]
    [InlineData("decimal: \"#\"", "decimal is '#'; allowed are . , ' _ and a blank")]
    [InlineData("round: perhaps", "round is 'perhaps'; allowed are true, false")]
    [InlineData("earliest: 1.1.2020", "earliest is '1.1.2020'; write a day as 2024-12-31")]
    [InlineData("largest_price: -1", "largest_price is '-1'; write a number above 0")]
    [InlineData("purchases:\n  orders: per_day", "orders is 'per_day'; allowed are column, per_line")]
    [InlineData("browsing:\n  orders: column", "'orders' isn't a key of browsing")]
    [InlineData("purchases:\n  exclude:\n    - field: product_id", "exactly one condition of starts_with, is, matching")]
    [InlineData("purchases:\n  exclude:\n    - {field: product_id, before: 2020-01-01}", "before compares times; 'product_id' is none")]
    [InlineData("purchases:\n  exclude:\n    - {field: product_id, matching: \"(\"}", "is no regular expression that can be used here")]
    [InlineData("purchases:\n  exclude: all", "exclude must be a list of rules")]
    [InlineData("purchases:\n  sources: all", "sources must be a list of layouts")]
    [InlineData("purchases: [1, 2]", "purchases must be a list of keys with values")]
    [InlineData("name: [", "this isn't YAML")]
    public void A_mapping_that_cant_be_followed_says_where_and_what_is_allowed(string yaml, string said)
    {
        var error = Assert.Throws<MappingException>(() => MappingReader.Read(yaml, "mapping.yaml", "shop"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("mapping.yaml, line ", error.Message, StringComparison.Ordinal);
    }
}
