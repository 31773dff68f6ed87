using System.Text.RegularExpressions;

namespace CustomerValue.Tests;

internal sealed record WrittenReview(string Customer, DateTime At, int Stars, string Text);

internal sealed record SpokenTurn(string Customer, string Dialogue, int Turn, DateTime At, string Speaker, string Text);

/// <summary>The set of how customers write, by plain loops over one customer's reviews and turns before the cutoff.</summary>
internal static class ReferenceWriting
{
    private sealed record Text(DateTime At, int DaysAgo, double Words, bool IsChinese, bool IsEnglish);

    private sealed record Chat(List<SpokenTurn> Turns, DateTime At, int DaysAgo)
    {
        public List<SpokenTurn> Own { get; } = [.. Turns.Where(t => t.Speaker == "customer")];
        public bool IsOpen => Turns[^1].Speaker == "customer";
    }

    public static void Add(Dictionary<string, double> f, List<WrittenReview> reviews, List<SpokenTurn> turns, int purchaseDays, int bought, Func<DateTime, int> ago)
    {
        var chats = turns.Where(t => !string.IsNullOrWhiteSpace(t.Text)).GroupBy(t => t.Dialogue).Select(c => c.OrderBy(t => t.Turn).ThenBy(t => t.At).ToList())
            .Where(c => c.Exists(t => t.Speaker == "customer")).Select(c => (Turns: c, At: c.Where(t => t.Speaker == "customer").Max(t => t.At))).Select(c => new Chat(c.Turns, c.At, ago(c.At))).OrderBy(c => c.At).ToList();
        var texts = reviews.Where(r => !string.IsNullOrWhiteSpace(r.Text)).Select(r => Measured(r.At, ago(r.At), r.Text))
            .Concat(chats.Select(c => Measured(c.At, c.DaysAgo, string.Join('\n', c.Own.Select(t => t.Text))))).OrderBy(t => t.At).ToList();

        double n = texts.Count;
        f["has_written"] = n > 0 ? 1 : 0;
        f["texts"] = n;
        foreach (var days in new[] { 30, 90, 365 }) f[$"texts_{days}"] = texts.Count(t => t.DaysAgo <= days);
        var (recent, before) = (texts.Count(t => t.DaysAgo <= 90), texts.Count(t => t.DaysAgo is > 90 and <= 180));
        f["texts_change_90"] = recent + before == 0 ? 0 : (recent - before) / (double)(recent + before);
        f["days_since_last_text"] = n > 0 ? texts.Min(t => t.DaysAgo) : -1;
        f["texts_since_purchase"] = texts.Count(t => t.DaysAgo < bought);
        f["words_per_text"] = n > 0 ? texts.Average(t => t.Words) : 0;
        f["last_text_words"] = n > 0 ? texts[^1].Words : 0;
        f["chinese_share"] = n > 0 ? texts.Count(t => t.IsChinese) / n : 0;
        f["english_share"] = n > 0 ? texts.Count(t => t.IsEnglish) / n : 0;
        Stars(f, reviews, purchaseDays, bought, ago);
        Chats(f, chats, bought);
        Replies(f, turns);
    }

    private static void Stars(Dictionary<string, double> f, List<WrittenReview> reviews, int purchaseDays, int bought, Func<DateTime, int> ago)
    {
        var starred = reviews.Where(r => r.Stars is >= 1 and <= 5).OrderBy(r => r.At).ToList();
        var (recent, low) = (starred.Where(r => ago(r.At) <= 90).ToList(), starred.Where(r => r.Stars <= 2).ToList());
        f["reviews"] = reviews.Count;
        f["reviews_90"] = reviews.Count(r => ago(r.At) <= 90);
        f["reviews_per_purchase"] = purchaseDays == 0 ? 0 : reviews.Count / (double)purchaseDays;
        f["days_since_last_review"] = reviews.Count > 0 ? reviews.Min(r => ago(r.At)) : -1;
        f["mean_stars"] = starred.Count > 0 ? starred.Average(r => r.Stars) : 0;
        f["last_stars"] = starred.Count > 0 ? starred[^1].Stars : 0;
        f["mean_stars_change"] = recent.Count > 0 ? recent.Average(r => r.Stars) - starred.Average(r => r.Stars) : 0;
        f["low_stars_share"] = starred.Count > 0 ? low.Count / (double)starred.Count : 0;
        f["low_stars_90"] = low.Count(r => ago(r.At) <= 90);
        f["low_stars_since_purchase"] = low.Count(r => ago(r.At) < bought);
    }

    private static void Chats(Dictionary<string, double> f, List<Chat> chats, int bought)
    {
        var open = chats.Where(c => c.IsOpen).ToList();
        f["chats"] = chats.Count;
        f["chats_30"] = chats.Count(c => c.DaysAgo <= 30);
        f["chats_90"] = chats.Count(c => c.DaysAgo <= 90);
        f["chat_turns"] = chats.Sum(c => c.Own.Count);
        f["chat_turns_90"] = chats.Where(c => c.DaysAgo <= 90).Sum(c => c.Own.Count);
        f["turns_per_chat"] = chats.Count > 0 ? chats.Average(c => c.Own.Count) : 0;
        f["days_since_last_chat"] = chats.Count > 0 ? chats[^1].DaysAgo : -1;
        f["chats_since_purchase"] = chats.Count(c => c.DaysAgo < bought);
        f["chats_open"] = open.Count;
        f["chats_open_share"] = chats.Count > 0 ? open.Count / (double)chats.Count : 0;
        f["days_since_open_chat"] = open.Count > 0 ? open[^1].DaysAgo : -1;
        f["last_chat_open"] = chats.Count > 0 && chats[^1].IsOpen ? 1 : 0;
    }

    private static void Replies(Dictionary<string, double> f, List<SpokenTurn> turns)
    {
        var waits = new List<(DateTime At, double Minutes)>();
        foreach (var chat in turns.Where(t => !string.IsNullOrWhiteSpace(t.Text)).GroupBy(t => t.Dialogue))
        {
            var said = chat.OrderBy(t => t.Turn).ThenBy(t => t.At).ToList();
            for (var t = 1; t < said.Count; t++)
                if (said[t - 1].Speaker == "customer" && said[t].Speaker == "agent") waits.Add((said[t].At, Math.Max(0, (said[t].At - said[t - 1].At).TotalMinutes)));
        }
        f["reply_minutes"] = waits.Count > 0 ? waits.Average(w => w.Minutes) : -1;
        f["last_reply_minutes"] = waits.Count > 0 ? waits.MaxBy(w => w.At).Minutes : -1;
    }

    private static Text Measured(DateTime at, int daysAgo, string text)
    {
        double han = text.Count(c => c is >= '\u3400' and <= '\u4DBF' or >= '\u4E00' and <= '\u9FFF') / 1.5, latin = Regex.Count(text, "[A-Za-z]+");
        return new(at, daysAgo, han + latin, han > 0 && han >= latin - 1e-9, latin > han + 1e-9);
    }
}
