using CustomerValue.DuckDb;
using CustomerValue.Features;
using CustomerValue.Ingestion;
using DuckDB.NET.Data;

namespace CustomerValue.Tests;

/// <summary>Features of texts once more, by plain loops over one customer's texts, written from the catalogue's words.</summary>
internal static class ReferenceTexts
{
    private sealed record Read(int Age, FakeEncoder Encoder, string Text, bool AgentSpoke, bool Answered)
    {
        public float[] Of(string head) => Encoder.Answer(Encoder.Heads.Single(h => h.Name == head), Text);
        public double Yes(string head) => Of(head)[1];
    }

    /// <summary>Everything dated before the cutoff, as records.</summary>
    public static (List<Review> Reviews, List<DialogueTurn> Turns, List<Purchase> Purchases) Records(string script, DateOnly cutoff)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Query.Run(connection, script);
        var start = cutoff.ToDateTime(TimeOnly.MinValue);
        return (
            [.. Query.Rows(connection, "SELECT customer_id, reviewed_at, stars, text FROM reviews", r => new Review(r.GetString(0), r.GetDateTime(1), "", r.GetFieldValue<sbyte>(2), r.GetString(3))).Where(r => r.At < start)],
            [.. Query.Rows(connection, "SELECT customer_id, dialogue_id, turn, spoken_at, speaker, text FROM dialogue_turns", r => new DialogueTurn(
                r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetDateTime(3), r.GetString(4), r.GetString(5))).Where(t => t.At < start)],
            [.. Query.Rows(connection, "SELECT customer_id, order_id, purchased_at, is_return FROM purchases", r => new Purchase(
                r.GetString(0), r.GetString(1), r.GetDateTime(2), "", "", "", 1, 1, "GBP", r.GetBoolean(3))).Where(p => p.At < start)]);
    }

    /// <summary>Features by customer and name.</summary>
    public static Dictionary<string, Dictionary<string, double>> Compute(string script, DateOnly cutoff, Func<IReadOnlyList<ShopText>, FakeEncoder> open)
    {
        var (reviews, turns, purchases) = Records(script, cutoff);
        var labels = new ShopTextLabels(cutoff).Of(reviews, turns, purchases);
        var encoder = open(labels);
        var texts = labels.ToLookup(t => t.CustomerId);
        var features = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach (var customer in purchases.Where(p => !p.IsReturn).Select(p => p.CustomerId).Distinct())
        {
            var mine = turns.Where(t => t.CustomerId == customer && !string.IsNullOrWhiteSpace(t.Text)).GroupBy(t => t.DialogueId)
                .Select(chat => chat.OrderBy(t => t.Turn).ThenBy(t => t.At).ToList()).Where(chat => chat.Exists(t => t.Speaker == "customer")).ToList();
            var read = texts[customer].OrderBy(t => t.At).ThenBy(t => t.Text, StringComparer.Ordinal).Select(text =>
            {
                var chat = text.Source == "review" ? null : mine.First(c => c.Where(t => t.Speaker == "customer").Max(t => t.At) == text.At);
                return new Read(cutoff.DayNumber - DateOnly.FromDateTime(text.At).DayNumber, encoder, text.Text, chat?.Exists(t => t.Speaker == "agent") ?? false, chat?[^1].Speaker == "agent");
            }).ToList();
            features[customer] = Features(read);
        }
        return features;
    }

    private static Dictionary<string, double> Features(List<Read> texts)
    {
        var f = new Dictionary<string, double>
        {
            ["texts_read"] = texts.Count,
            ["texts_read_30"] = texts.Sum(t => Half(t, 30)),
            ["texts_read_90"] = texts.Sum(t => Half(t, 90)),
        };
        Number(f, "mood", 0.25, texts, t => t.Of("mood")[0]);
        Number(f, "stars", 3, texts, t => t.Of("stars").Select((p, k) => p * (k + 1.0)).Sum());
        string[] intents = ["open", "restock", "leave"];
        for (var k = 0; k < 3; k++) Label(f, $"intent_{intents[k]}", 1 / 3.0, texts, "intent", k);
        Label(f, "complaint", 0.5, texts, "complaint", 1);
        Label(f, "solved", 0.5, texts, "solved", 1);
        Label(f, "loyalty_high", 0.5, texts, "loyalty", 1);
        string[] topics = ["delivery", "label_1", "price", "size"];
        for (var k = 0; k < 4; k++)
        {
            var topic = k;
            f[$"topic_{topics[k]}_recent_90"] = Shrunk(texts, t => t.Of("topic")[topic], t => Half(t, 90), 0.25);
            f[$"topic_{topics[k]}_share"] = Share(texts, "topic", k);
        }
        var complaints = texts.Where(t => t.Yes("complaint") > 0.5).ToList();
        var last = complaints.Count == 0 ? [] : texts.Skip(texts.IndexOf(complaints[^1])).ToList();
        f["complaints"] = complaints.Count;
        f["complaints_90"] = complaints.Count(t => t.Age <= 90);
        f["days_since_complaint"] = complaints.Count == 0 ? -1 : complaints[^1].Age;
        f["complaint_answered"] = last.Count > 0 && (last[0].Answered || last.Skip(1).Any(t => t.AgentSpoke)) ? 1 : 0;
        f["complaint_solved"] = last.Exists(t => t.Yes("solved") > 0.5) ? 1 : 0;
        f["complaint_open"] = last.Count > 0 && f["complaint_solved"] == 0 ? 1 : 0;
        for (var k = 0; k < 6; k++)
        {
            var number = k;
            f[$"text_vector_00{k}"] = texts.Count == 0 ? 0 : texts.Sum(t => Half(t, 90) * t.Encoder.Vector(t.Text)[number]) / texts.Sum(t => Half(t, 90));
        }
        return f;
    }

    private static void Score(Dictionary<string, double> f, string name, double neutral, List<Read> texts, Func<Read, double> value)
    {
        f[$"{name}_last"] = texts.Count == 0 ? neutral : value(texts[^1]);
        f[$"{name}_mean"] = Shrunk(texts, value, _ => 1, neutral);
        f[$"{name}_recent_30"] = Shrunk(texts, value, t => Half(t, 30), neutral);
        f[$"{name}_recent_90"] = Shrunk(texts, value, t => Half(t, 90), neutral);
        f[$"{name}_trend"] = texts.Count < 2 ? 0 : texts.Sum(t => Half(t, 30) * value(t)) / texts.Sum(t => Half(t, 30)) - texts.Average(value);
    }

    private static void Number(Dictionary<string, double> f, string name, double neutral, List<Read> texts, Func<Read, double> value)
    {
        Score(f, name, neutral, texts, value);
        f[$"{name}_min"] = texts.Count == 0 ? neutral : texts.Min(value);
        f[$"{name}_max"] = texts.Count == 0 ? neutral : texts.Max(value);
    }

    private static void Label(Dictionary<string, double> f, string name, double neutral, List<Read> texts, string head, int k)
    {
        Score(f, name, neutral, texts, t => t.Of(head)[k]);
        f[$"{name}_share"] = Share(texts, head, k);
    }

    private static double Share(List<Read> texts, string head, int k) => texts.Count == 0 ? 0 : texts.Count(t => t.Of(head).Max() == t.Of(head)[k]) / (double)texts.Count;

    private static double Shrunk(List<Read> texts, Func<Read, double> value, Func<Read, double> weight, double neutral) => (neutral + texts.Sum(t => weight(t) * value(t))) / (1 + texts.Sum(weight));

    private static double Half(Read text, int days) => Math.Pow(0.5, text.Age / (double)days);
}
