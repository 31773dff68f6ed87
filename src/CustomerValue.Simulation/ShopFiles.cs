using System.Globalization;
using System.Text;

namespace CustomerValue.Simulation;

/// <summary>The CSV text of a run of customers, one buffer a file: UTF-8, commas, \n line ends, quotes where a field needs them.</summary>
internal sealed class ShopFiles
{
    /// <summary>The shop's files and their columns.</summary>
    public static readonly IReadOnlyList<(string Name, string Header)> Records =
    [
        ("purchases.csv", "customer_id,order_id,purchased_at,product_id,description,category,quantity,unit_price,currency,is_return"),
        ("browsing.csv", "customer_id,session_id,occurred_at,kind,product_id,query,dwell_seconds"),
        ("reviews.csv", "customer_id,reviewed_at,product_id,stars,text"),
        ("dialogues.csv", "customer_id,dialogue_id,turn,spoken_at,speaker,text"),
        ("campaigns.csv", "customer_id,campaign_id,contacted_at,treatment,channel,cost,currency,responded_at"),
    ];

    /// <summary>The files of the truth and their columns.</summary>
    public static readonly IReadOnlyList<(string Name, string Header)> Truth =
    [
        ("customers.csv", "customer_id,joined,dropped_out,visitor,language,rate,regularity,hazard,mean_budget,response,loyalty_at_start,loyalty_at_end,mood_at_end,cold"),
        ("contacts.csv", "customer_id,campaign_id,effect,chance_without,chance_with,uplift"),
        ("texts.csv", "customer_id,kind,written_at,mood,loyalty,intent,told_mood,told_loyalty,told_intent"),
    ];

    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    private readonly StringBuilder[] _text = [.. Enumerable.Range(0, Records.Count + Truth.Count).Select(_ => new StringBuilder())];
    private readonly int[] _rows = new int[Records.Count + Truth.Count];

    /// <summary>The rows of file <paramref name="file"/> (records first, then truth), and how many they are.</summary>
    public (byte[] Bytes, int Rows) this[int file] => (Encoding.UTF8.GetBytes(_text[file].ToString()), _rows[file]);

    /// <summary>Adds a customer's rows.</summary>
    public void Add(SimulatedCustomer customer)
    {
        foreach (var p in customer.Purchases)
            Row(0).Append(s_invariant, $"{p.CustomerId},{p.OrderId},{p.At:yyyy-MM-dd HH:mm:ss},{p.ProductId},{Quoted(p.Description)},{p.Category},")
                .Append(s_invariant, $"{p.Quantity:0},{p.UnitPrice:0.00},{p.Currency},{(p.IsReturn ? "true" : "false")}\n");
        foreach (var b in customer.Browsing)
            Row(1).Append(s_invariant, $"{b.CustomerId},{b.SessionId},{b.At:yyyy-MM-dd HH:mm:ss},{b.Kind},{b.ProductId},{Quoted(b.Query)},{b.DwellSeconds:0}\n");
        foreach (var r in customer.Reviews)
            Row(2).Append(s_invariant, $"{r.CustomerId},{r.At:yyyy-MM-dd HH:mm:ss},{r.ProductId},{r.Stars},{Quoted(r.Text)}\n");
        foreach (var d in customer.Dialogues)
            Row(3).Append(s_invariant, $"{d.CustomerId},{d.DialogueId},{d.Turn},{d.At:yyyy-MM-dd HH:mm:ss},{d.Speaker},{Quoted(d.Text)}\n");
        foreach (var c in customer.Contacts)
            Row(4).Append(s_invariant, $"{c.CustomerId},{c.CampaignId},{c.At:yyyy-MM-dd HH:mm:ss},{c.Treatment},{c.Channel},")
                .Append(s_invariant, $"{c.Cost.Amount:0.00},{c.Cost.Currency},{c.RespondedAt:yyyy-MM-dd HH:mm:ss}\n");
        AddTruth(customer.Truth);
    }

    private void AddTruth(CustomerTruth t)
    {
        Row(5).Append(s_invariant, $"{t.CustomerId},{t.Joined:yyyy-MM-dd},{t.DroppedOut:yyyy-MM-dd},{(t.Visitor ? "true" : "false")},{t.Language},")
            .Append(s_invariant, $"{t.Rate:0.000000},{t.Regularity},{t.Hazard:0.000000},{t.MeanBudget:0.00},{t.Response:0.0000},")
            .Append(s_invariant, $"{t.LoyaltyAtStart:0.0000},{t.LoyaltyAtEnd:0.0000},{t.MoodAtEnd:0.0000},{(t.Cold ? "true" : "false")}\n");
        foreach (var c in t.Contacts)
            Row(6).Append(s_invariant, $"{t.CustomerId},{c.CampaignId},{c.Effect:0.0000},{c.ChanceWithout:0.000000},{c.ChanceWith:0.000000},{c.ChanceWith - c.ChanceWithout:0.000000}\n");
        foreach (var x in t.Texts)
            Row(7).Append(s_invariant, $"{t.CustomerId},{x.Kind},{x.At:yyyy-MM-dd HH:mm:ss},{x.Mood:0.0000},{x.Loyalty:0.0000},{x.Intent},{x.ToldMood},{x.ToldLoyalty},{x.ToldIntent}\n");
    }

    private StringBuilder Row(int file)
    {
        _rows[file]++;
        return _text[file];
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(',', '"', '\n') < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
