using CustomerValue.Features;
using CustomerValue.Ingestion;
using CustomerValue.Models;

namespace CustomerValue.Tests.Customers;

/// <summary>A made-up shop in which nothing but the words of a review tells who stays: half of the customers complain and leave, the others praise and buy.</summary>
internal static class MadeHistories
{
    public static readonly DateOnly First = new(2024, 7, 1), Now = new(2024, 12, 1);
    private const int Horizon = 90;
    private static readonly string[] s_bad = ["broken on arrival never again", "awful quality very disappointed", "refund was refused so angry"];
    private static readonly string[] s_good = ["lovely gift for my sister", "works well and looks great", "happy with it will buy more"];

    /// <summary>Rows at the first cutoff to learn from, and other customers at the second one to ask about.</summary>
    /// <param name="learners">Customers to learn from.</param>
    /// <param name="asked">Customers to ask about.</param>
    /// <param name="scrambled">Whether records from after the second cutoff are invented.</param>
    /// <param name="turned">Whether everyone has also said the opposite before: then only the newer review tells.</param>
    public static (TrainingData Data, Labels Asked) Shop(int learners = 240, int asked = 120, bool scrambled = false, bool turned = false)
    {
        string[] ids = [.. Enumerable.Range(0, learners + asked).Select(i => $"c{i:D4}")];
        var records = Records(ids, scrambled, turned);
        var (learn, ask) = (Labelled(ids[..learners], First, records), Labelled(ids[learners..], Now, records));
        return (new([learn], ask.Features, Horizon), ask.Labels);
    }

    public static ICustomerRecords Records(string[] ids, bool scrambled = false, bool turned = false)
    {
        var (purchases, browsing, reviews, chats, contacts) = (new List<Purchase>(), new List<BrowsingEvent>(), new List<Review>(), new List<DialogueTurn>(), new List<CampaignContact>());
        foreach (var id in ids)
        {
            var chance = SplitMix64.Stream(3, StableNumber(id));
            var start = new DateTime(2024, 1, 1).AddDays(60 * chance.Unit());
            for (var order = 0; order < 2 + chance.Below(3); order++)
                purchases.Add(new(id, $"{id}-{order}", start.AddDays(20 * order), "p", chance.Below(2) == 0 ? "blue mug" : "tin of tea", chance.Below(2) == 0 ? "home" : "food", 1, 5 + chance.Below(20), "GBP", false));
            browsing.Add(new(id, $"{id}-s", start.AddDays(61), "search", "", "tea pot", 3));
            reviews.Add(new(id, start.AddDays(70), "p", 0, (Leaves(id) ? s_bad : s_good)[chance.Below(3)]));
            if (turned) reviews.Add(new(id, start.AddDays(20), "p", 0, (Leaves(id) ? s_good : s_bad)[chance.Below(3)]));
            chats.Add(new(id, $"{id}-d", 1, start.AddDays(75), "customer", "where is my parcel"));
            contacts.Add(new(id, "m1", start.AddDays(76), "coupon10", "email", new(1, "GBP"), null));
            if (!scrambled) continue;
            var later = Now.ToDateTime(TimeOnly.MinValue).AddDays(chance.Below(50));
            purchases.Add(new(id, $"{id}-x", later, "q", "something new", "new", 7, 900, "GBP", false));
            reviews.Add(new(id, later, "q", 1, "what nobody could know"));
            chats.Add(new(id, $"{id}-e", 1, later, "customer", "later words"));
            browsing.Add(new(id, $"{id}-t", later, "view", "q", "", 9));
            contacts[^1] = contacts[^1] with { RespondedAt = later };
        }
        return new RecordsInMemory(purchases, browsing, reviews, chats, contacts);
    }

    public static LabelledTable Labelled(string[] ids, DateOnly cutoff, ICustomerRecords records)
    {
        var noise = ids.Select(id => SplitMix64.Stream(5, StableNumber(id)).Unit()).ToArray();
        // One in ten does the other thing.
        var leaves = ids.Select(id => Leaves(id) ^ (SplitMix64.Stream(6, StableNumber(id)).Unit() < 0.1)).ToArray();
        var spend = leaves.Select((left, row) => left ? 0 : Math.Round(20 * Math.Exp(SplitMix64.Stream(7, StableNumber(ids[row])).Unit()), 2)).ToArray();
        return new(new FeatureTable(cutoff, ids, [new("noise", "share", "Says nothing.", "made"), new("constant", "share", "Always 1.", "made")], [noise, [.. ids.Select(_ => 1.0)]]) { Records = records },
            new(Horizon, spend, leaves, [.. leaves.Select(left => left ? 0 : 1)]));
    }

    /// <summary>How well scores tell who leaves, from .5 for nothing to 1.</summary>
    public static double Auc(double[] scores, bool[] hit)
    {
        var (above, pairs) = (0.0, 0L);
        for (var i = 0; i < hit.Length; i++)
            for (var j = 0; j < hit.Length; j++)
                if (hit[i] && !hit[j])
                {
                    above += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
        return above / pairs;
    }

    private static bool Leaves(string id) => (StableNumber(id) & 1) == 0;

    private static long StableNumber(string id) => (long)(StableHash.Of(id) >> 8);
}
