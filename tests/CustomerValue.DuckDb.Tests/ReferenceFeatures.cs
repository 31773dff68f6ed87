using CustomerValue.DuckDb;
using DuckDB.NET.Data;

namespace CustomerValue.Tests;

/// <summary>Every feature once more, by plain loops over the records of one customer: slow, and written from the catalogue's words rather than from the SQL.</summary>
internal static class ReferenceFeatures
{
    private sealed record Line(string Customer, string Order, DateTime At, string Product, string Category, decimal Quantity, decimal Price, decimal Amount, bool IsReturn);
    private sealed record Event(string Customer, string Session, DateTime At, string Kind, double Dwell);
    private sealed record Contact(string Customer, DateTime At, bool HeldOut, decimal Cost, DateTime? Response);

    private sealed record Order(DateTime At, int DaysAgo, int Lines, decimal Units, decimal Amount, decimal Prices, decimal Highest);
    private sealed record Return(int DaysAgo, decimal Units, decimal Amount);
    private sealed record Day(int DaysAgo, int Lines, decimal Spend);

    /// <summary>Features by customer and name.</summary>
    public static Dictionary<string, Dictionary<string, double>> Compute(string script, DateOnly cutoff)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Query.Run(connection, script);
        var start = cutoff.ToDateTime(TimeOnly.MinValue);
        var lines = Query.Rows(connection, "SELECT customer_id, order_id, purchased_at, product_id, category, quantity, unit_price, amount, is_return FROM purchases", r => new Line(
            r.GetString(0), r.GetString(1), r.GetDateTime(2), r.GetString(3), r.GetString(4), r.GetDecimal(5), r.GetDecimal(6), r.GetDecimal(7), r.GetBoolean(8))).Where(l => l.At < start).ToList();
        var events = Query.Rows(connection, "SELECT customer_id, session_id, occurred_at, kind, dwell_seconds FROM browsing_events", r => new Event(
            r.GetString(0), r.GetString(1), r.GetDateTime(2), r.GetString(3), r.GetDouble(4))).Where(e => e.At < start).ToLookup(e => e.Customer);
        var contacts = Query.Rows(connection, "SELECT customer_id, contacted_at, treatment = 'control', CASE WHEN currency = 'GBP' THEN cost ELSE 0 END, responded_at FROM campaign_contacts", r => new Contact(
            r.GetString(0), r.GetDateTime(1), r.GetBoolean(2), r.GetDecimal(3), r.IsDBNull(4) || r.GetDateTime(4) >= start ? null : r.GetDateTime(4))).Where(c => c.At < start).ToLookup(c => c.Customer);

        var (reviews, turns) = Texts(connection, start);
        var shop = lines.Where(l => !l.IsReturn).Average(l => l.Price);
        var features = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach (var customer in lines.GroupBy(l => l.Customer))
        {
            var bought = customer.Where(l => !l.IsReturn).ToList();
            if (bought.Count == 0) continue;
            var orders = bought.GroupBy(l => l.Order).Select(o => new Order(
                o.Min(l => l.At), Ago(o.Min(l => l.At)), o.Count(), o.Sum(l => l.Quantity), o.Sum(l => l.Amount), o.Sum(l => l.Price), o.Max(l => l.Price))).ToList();
            var days = orders.GroupBy(o => o.DaysAgo).Select(d => new Day(d.Key, d.Sum(o => o.Lines), d.Sum(o => o.Amount))).OrderByDescending(d => d.DaysAgo).ToList();
            var returns = customer.Where(l => l.IsReturn).GroupBy(l => (l.Order, l.At.Date)).Select(r => new Return(Ago(r.Key.Date), -r.Sum(l => l.Quantity), -r.Sum(l => l.Amount))).ToList();

            var f = features[customer.Key] = [];
            History(f, days);
            Rfm(f, orders, returns);
            Windows(f, bought.Select(l => (Ago(l.At), l.Quantity, l.Amount)).ToList());
            OrderWindows(f, orders, returns);
            Gaps(f, days);
            Baskets(f, orders, days);
            Breadth(f, bought);
            Prices(f, orders, shop);
            Returns(f, orders, returns);
            Habits(f, orders);
            Browsing(f, events[customer.Key].ToList(), days, Ago);
            Campaigns(f, contacts[customer.Key].ToList(), Ago);
            ReferenceWriting.Add(f, [.. reviews[customer.Key]], [.. turns[customer.Key]], days.Count, days[^1].DaysAgo, Ago);
        }
        return features;

        int Ago(DateTime at) => cutoff.DayNumber - DateOnly.FromDateTime(at).DayNumber;
    }

    private static (ILookup<string, WrittenReview> Reviews, ILookup<string, SpokenTurn> Turns) Texts(DuckDBConnection connection, DateTime start) => (
        Query.Rows(connection, "SELECT customer_id, reviewed_at, stars, text FROM reviews", r => new WrittenReview(
            r.GetString(0), r.GetDateTime(1), r.GetFieldValue<sbyte>(2), r.GetString(3))).Where(r => r.At < start).ToLookup(r => r.Customer),
        Query.Rows(connection, "SELECT customer_id, dialogue_id, turn, spoken_at, speaker, text FROM dialogue_turns", r => new SpokenTurn(
            r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetDateTime(3), r.GetString(4), r.GetString(5))).Where(t => t.At < start).ToLookup(t => t.Customer));

    /// <summary>Features of everybody known, by customer and name: buyers as <see cref="Compute"/> has them, the others by the catalogue's sentinels; both with how the shop came to know them.</summary>
    public static Dictionary<string, Dictionary<string, double>> ComputeKnown(string script, DateOnly cutoff)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Query.Run(connection, script);
        var start = cutoff.ToDateTime(TimeOnly.MinValue);
        var known = new List<(string Customer, string Way, DateTime At)>();
        foreach (var (way, table, at) in new[]
        {
            ("order", "(FROM purchases WHERE NOT is_return)", "purchased_at"), ("return", "(FROM purchases WHERE is_return)", "purchased_at"), ("visit", "browsing_events", "occurred_at"),
            ("review", "reviews", "reviewed_at"), ("chat", "dialogue_turns", "spoken_at"), ("contact", "campaign_contacts", "contacted_at"),
        })
            known.AddRange(Query.Rows(connection, $"SELECT customer_id, {at} FROM {table}", r => (r.GetString(0), way, r.GetDateTime(1))).Where(k => k.Item3 < start));
        var events = Query.Rows(connection, "SELECT customer_id, session_id, occurred_at, kind, dwell_seconds FROM browsing_events", r => new Event(
            r.GetString(0), r.GetString(1), r.GetDateTime(2), r.GetString(3), r.GetDouble(4))).Where(e => e.At < start).ToLookup(e => e.Customer);
        var contacts = Query.Rows(connection, "SELECT customer_id, contacted_at, treatment = 'control', CASE WHEN currency = 'GBP' THEN cost ELSE 0 END, responded_at FROM campaign_contacts", r => new Contact(
            r.GetString(0), r.GetDateTime(1), r.GetBoolean(2), r.GetDecimal(3), r.IsDBNull(4) || r.GetDateTime(4) >= start ? null : r.GetDateTime(4))).Where(c => c.At < start).ToLookup(c => c.Customer);
        var backs = Query.Rows(connection, "SELECT customer_id, order_id, purchased_at, quantity, amount FROM purchases WHERE is_return", r => (
            Customer: r.GetString(0), Order: r.GetString(1), At: r.GetDateTime(2), Units: -r.GetDecimal(3), Amount: -r.GetDecimal(4))).Where(l => l.At < start).ToLookup(l => l.Customer);

        var (reviews, turns) = Texts(connection, start);
        var features = Compute(script, cutoff);
        string[] names = [.. features.Values.First().Keys];
        foreach (var customer in known.GroupBy(k => k.Customer))
        {
            if (!features.TryGetValue(customer.Key, out var f))
            {
                features[customer.Key] = f = names.ToDictionary(name => name, name => s_withoutOrders.GetValueOrDefault(name, 0));
                var returns = backs[customer.Key].GroupBy(l => (l.Order, l.At.Date)).Select(r => new Return(Ago(r.Key.Date), r.Sum(l => l.Units), r.Sum(l => l.Amount))).ToList();
                var back = (double)returns.Sum(r => r.Amount);
                (f["returned_amount"], f["net_spend"], f["returns"], f["has_returned"]) = (back, -back, returns.Count, returns.Count > 0 ? 1 : 0);
                foreach (var n in new[] { 30, 90, 365 }) f[$"returned_{n}"] = (double)returns.Where(r => r.DaysAgo <= n).Sum(r => r.Amount);
                f["returns_90"] = returns.Count(r => r.DaysAgo <= 90);
                f["max_return"] = returns.Count > 0 ? (double)returns.Max(r => r.Amount) : 0;
                f["days_since_last_return"] = returns.Count > 0 ? returns.Min(r => r.DaysAgo) : -1;
                // All visits came after a purchase that never was: as if the last one lay before them all.
                Browsing(f, [.. events[customer.Key]], [new Day(int.MaxValue, 0, 0)], Ago);
                Campaigns(f, [.. contacts[customer.Key]], Ago);
                ReferenceWriting.Add(f, [.. reviews[customer.Key]], [.. turns[customer.Key]], purchaseDays: 0, bought: int.MaxValue, Ago);
            }
            f["has_ordered"] = customer.Any(k => k.Way == "order") ? 1 : 0;
            f["has_reviewed"] = customer.Any(k => k.Way == "review") ? 1 : 0;
            f["has_chatted"] = customer.Any(k => k.Way == "chat") ? 1 : 0;
            f["days_known"] = customer.Max(k => Ago(k.At));
            f["days_silent"] = customer.Min(k => Ago(k.At));
        }
        return features;

        int Ago(DateTime at) => cutoff.DayNumber - DateOnly.FromDateTime(at).DayNumber;
    }

    // What isn't 0 for a customer without an order.
    private static readonly Dictionary<string, double> s_withoutOrders = new[]
    {
        "frequency", "recency_weeks", "age_weeks", "days_since_last_purchase", "tenure_days", "mean_gap_days", "min_gap_days", "max_gap_days", "last_gap_days", "gap_spread_days",
        "gap_variation", "last_gap_over_mean", "silence_over_mean_gap", "silence_over_max_gap", "mean_hour",
    }.ToDictionary(name => name, _ => -1.0).Append(new("price_over_shop", 1)).Append(new("price_over_own_90", 1)).ToDictionary();

    private static double Over(decimal a, decimal b, double otherwise) => b == 0 ? otherwise : (double)(a / b);

    private static double Change(decimal recent, decimal both) => both == 0 ? 0 : (double)((recent - (both - recent)) / both);

    private static double Entropy(IEnumerable<int> counts)
    {
        var known = counts.Where(n => n > 0).ToList();
        double total = known.Sum(), entropy = 0;
        foreach (var n in known) entropy -= n / total * Math.Log(n / total);
        return entropy;
    }

    private static void History(Dictionary<string, double> f, List<Day> days)
    {
        f["frequency"] = days.Count - 1;
        f["recency_weeks"] = (days[0].DaysAgo - days[^1].DaysAgo) / 7.0;
        f["age_weeks"] = (days[0].DaysAgo - 1) / 7.0;
        f["mean_spend"] = (double)days.Average(d => d.Spend);
        f["mean_repeat_spend"] = days.Count > 1 ? (double)days.Skip(1).Average(d => d.Spend) : 0;
    }

    private static void Rfm(Dictionary<string, double> f, List<Order> orders, List<Return> returns)
    {
        var (spend, back, tenure) = (orders.Sum(o => o.Amount), returns.Sum(r => r.Amount), orders.Max(o => o.DaysAgo));
        f["days_since_last_purchase"] = orders.Min(o => o.DaysAgo);
        f["tenure_days"] = tenure;
        f["orders"] = orders.Count;
        f["gross_spend"] = (double)spend;
        f["net_spend"] = (double)(spend - back);
        f["returned_amount"] = (double)back;
        f["mean_order_value"] = (double)(spend / orders.Count);
        f["max_order_value"] = (double)orders.Max(o => o.Amount);
        f["orders_per_30_days"] = orders.Count * 30.0 / tenure;
        f["spend_per_30_days"] = (double)(spend * 30 / tenure);
    }

    private static void Windows(Dictionary<string, double> f, List<(int DaysAgo, decimal Quantity, decimal Amount)> lines)
    {
        foreach (var n in new[] { 7, 30, 90, 180, 365 })
        {
            var inside = lines.Where(l => l.DaysAgo <= n).ToList();
            f[$"lines_{n}"] = inside.Count;
            f[$"units_{n}"] = (double)inside.Sum(l => l.Quantity);
            f[$"spend_{n}"] = (double)inside.Sum(l => l.Amount);
        }
        f["lines_change_90"] = Change((decimal)f["lines_90"], (decimal)f["lines_180"]);
        f["spend_change_90"] = Change(lines.Where(l => l.DaysAgo <= 90).Sum(l => l.Amount), lines.Where(l => l.DaysAgo <= 180).Sum(l => l.Amount));
    }

    private static void OrderWindows(Dictionary<string, double> f, List<Order> orders, List<Return> returns)
    {
        int Within(int n) => orders.Count(o => o.DaysAgo <= n);
        decimal Spent(int n) => orders.Where(o => o.DaysAgo <= n).Sum(o => o.Amount);
        foreach (var n in new[] { 7, 30, 90, 180, 365 }) f[$"orders_{n}"] = Within(n);
        foreach (var n in new[] { 30, 90, 365 }) f[$"returned_{n}"] = (double)returns.Where(r => r.DaysAgo <= n).Sum(r => r.Amount);
        var (all, tenure) = (orders.Sum(o => o.Amount), orders.Max(o => o.DaysAgo));
        f["orders_change_30"] = Change(Within(30), Within(60));
        f["orders_change_90"] = Change(Within(90), Within(180));
        f["orders_share_90"] = Within(90) / (double)orders.Count;
        f["orders_share_365"] = Within(365) / (double)orders.Count;
        f["spend_share_90"] = Over(Spent(90), all, 0);
        f["spend_share_365"] = Over(Spent(365), all, 0);
        f["orders_pace_90"] = Within(90) / (double)Math.Min(tenure, 90) / (orders.Count / (double)tenure);
    }

    private static void Gaps(Dictionary<string, double> f, List<Day> days)
    {
        var gaps = days.Zip(days.Skip(1), (a, b) => (double)(a.DaysAgo - b.DaysAgo)).ToList();
        var silence = days[^1].DaysAgo;
        var mean = gaps.Count > 0 ? gaps.Average() : -1;
        var spread = gaps.Count > 1 ? Math.Sqrt(gaps.Sum(g => (g - mean) * (g - mean)) / (gaps.Count - 1)) : -1;
        var known = gaps.Count > 0;
        f["has_gaps"] = known ? 1 : 0;
        f["mean_gap_days"] = mean;
        f["min_gap_days"] = known ? gaps.Min() : -1;
        f["max_gap_days"] = known ? gaps.Max() : -1;
        f["last_gap_days"] = known ? gaps[^1] : -1;
        f["gap_spread_days"] = spread;
        f["gap_variation"] = gaps.Count > 1 ? spread / mean : -1;
        f["last_gap_over_mean"] = known ? gaps[^1] / mean : -1;
        f["silence_over_mean_gap"] = known ? silence / mean : -1;
        f["silence_over_max_gap"] = known ? silence / gaps.Max() : -1;
    }

    private static void Baskets(Dictionary<string, double> f, List<Order> orders, List<Day> days)
    {
        var (lines, units, spend) = (orders.Sum(o => o.Lines), orders.Sum(o => o.Units), orders.Sum(o => o.Amount));
        f["mean_basket_lines"] = orders.Average(o => o.Lines);
        f["max_basket_lines"] = orders.Max(o => o.Lines);
        f["mean_basket_units"] = (double)orders.Average(o => o.Units);
        f["max_basket_units"] = (double)orders.Max(o => o.Units);
        f["units_per_line"] = (double)(units / lines);
        f["value_per_line"] = (double)(spend / lines);
        f["min_order_value"] = (double)orders.Min(o => o.Amount);
        f["single_line_share"] = orders.Count(o => o.Lines == 1) / (double)orders.Count;
        f["orders_per_day"] = orders.Count / (double)days.Count;
        f["first_purchase_value"] = (double)days[0].Spend;
        f["last_purchase_value"] = (double)days[^1].Spend;
        f["last_value_over_mean"] = Over(days[^1].Spend, days.Average(d => d.Spend), 0);
        f["last_lines_over_mean"] = days[^1].Lines / days.Average(d => d.Lines);
    }

    private static void Breadth(Dictionary<string, double> f, List<Line> lines)
    {
        var products = lines.Where(l => l.Product.Length > 0).GroupBy(l => l.Product).Select(p => p.Count()).ToList();
        var categories = lines.Where(l => l.Category.Length > 0).GroupBy(l => l.Category).Select(c => c.Count()).ToList();
        f["distinct_products"] = products.Count;
        f["product_entropy"] = Entropy(products);
        f["top_product_share"] = products.Count > 0 ? products.Max() / (double)products.Sum() : 0;
        f["product_repeat_share"] = products.Count > 0 ? products.Sum(n => n - 1) / (double)products.Sum() : 0;
        f["has_categories"] = categories.Count > 0 ? 1 : 0;
        f["distinct_categories"] = categories.Count;
        f["category_entropy"] = Entropy(categories);
        f["top_category_share"] = categories.Count > 0 ? categories.Max() / (double)categories.Sum() : 0;
    }

    private static void Prices(Dictionary<string, double> f, List<Order> orders, decimal shop)
    {
        decimal Mean(IEnumerable<Order> some) => some.Sum(o => o.Prices) / some.Sum(o => o.Lines);
        var recent = orders.Where(o => o.DaysAgo <= 90).ToList();
        f["mean_price"] = (double)Mean(orders);
        f["max_price"] = (double)orders.Max(o => o.Highest);
        f["spend_per_unit"] = Over(orders.Sum(o => o.Amount), orders.Sum(o => o.Units), 0);
        f["price_over_shop"] = (double)(Mean(orders) / shop);
        f["price_over_own_90"] = recent.Count == 0 ? 1 : Over(Mean(recent), Mean(orders), 1);
    }

    private static void Returns(Dictionary<string, double> f, List<Order> orders, List<Return> returns)
    {
        f["has_returned"] = returns.Count > 0 ? 1 : 0;
        f["returns"] = returns.Count;
        f["returns_90"] = returns.Count(r => r.DaysAgo <= 90);
        f["returns_per_order"] = returns.Count / (double)orders.Count;
        f["returned_spend_share"] = Over(returns.Sum(r => r.Amount), orders.Sum(o => o.Amount), 0);
        f["returned_units_share"] = Over(returns.Sum(r => r.Units), orders.Sum(o => o.Units), 0);
        f["max_return"] = returns.Count > 0 ? (double)returns.Max(r => r.Amount) : 0;
        f["days_since_last_return"] = returns.Count > 0 ? returns.Min(r => r.DaysAgo) : -1;
    }

    private static void Habits(Dictionary<string, double> f, List<Order> orders)
    {
        double n = orders.Count;
        f["mean_hour"] = orders.Average(o => o.At.Hour + o.At.Minute / 60.0);
        f["night_share"] = orders.Count(o => o.At.Hour is < 6) / n;
        f["morning_share"] = orders.Count(o => o.At.Hour is >= 6 and < 12) / n;
        f["afternoon_share"] = orders.Count(o => o.At.Hour is >= 12 and < 18) / n;
        f["evening_share"] = orders.Count(o => o.At.Hour is >= 18) / n;
        f["weekend_share"] = orders.Count(o => o.At.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) / n;
        var weekdays = orders.GroupBy(o => o.At.DayOfWeek).Select(d => d.Count()).ToList();
        f["top_weekday_share"] = weekdays.Max() / n;
        f["daypart_entropy"] = Entropy(orders.GroupBy(o => o.At.Hour / 6).Select(d => d.Count()));
        f["weekday_entropy"] = Entropy(weekdays);
    }

    private static void Browsing(Dictionary<string, double> f, List<Event> events, List<Day> days, Func<DateTime, int> ago)
    {
        var visits = events.GroupBy(e => e.Session.Length > 0 ? e.Session : FormattableString.Invariant($"day {e.At:yyyyMMdd}")).Select(v => (
            DaysAgo: ago(v.Min(e => e.At)), Views: v.Count(e => e.Kind == "view"), Carts: v.Count(e => e.Kind == "cart"), Searches: v.Count(e => e.Kind == "search"),
            Dwell: v.Sum(e => Math.Round(e.Dwell * 1000, MidpointRounding.AwayFromZero)))).ToList();
        double n = visits.Count;
        var bought = days[^1].DaysAgo;
        f["has_visited"] = n > 0 ? 1 : 0;
        f["visits"] = n;
        foreach (var w in new[] { 7, 30, 90 }) f[$"visits_{w}"] = visits.Count(v => v.DaysAgo <= w);
        f["days_since_last_visit"] = n > 0 ? visits.Min(v => v.DaysAgo) : -1;
        f["visits_change_30"] = Change(visits.Count(v => v.DaysAgo <= 30), visits.Count(v => v.DaysAgo <= 60));
        foreach (var w in new[] { 30, 90 })
        {
            f[$"views_{w}"] = visits.Where(v => v.DaysAgo <= w).Sum(v => v.Views);
            f[$"carts_{w}"] = visits.Where(v => v.DaysAgo <= w).Sum(v => v.Carts);
        }
        f["searches_30"] = visits.Where(v => v.DaysAgo <= 30).Sum(v => v.Searches);
        f["views_per_visit"] = n > 0 ? visits.Sum(v => v.Views) / n : 0;
        f["searches_per_visit"] = n > 0 ? visits.Sum(v => v.Searches) / n : 0;
        f["minutes_per_visit"] = n > 0 ? visits.Sum(v => v.Dwell) / 60000 / n : 0;
        f["view_to_cart"] = Over(visits.Count(v => v.Views > 0 && v.Carts > 0), visits.Count(v => v.Views > 0), 0);
        f["cart_to_buy"] = Over(visits.Count(v => v.Carts > 0 && days.Any(d => d.DaysAgo == v.DaysAgo)), visits.Count(v => v.Carts > 0), 0);
        f["visits_since_purchase"] = visits.Count(v => v.DaysAgo < bought);
        f["carts_since_purchase"] = visits.Where(v => v.DaysAgo < bought).Sum(v => v.Carts);
    }

    private static void Campaigns(Dictionary<string, double> f, List<Contact> all, Func<DateTime, int> ago)
    {
        var contacts = all.Where(c => !c.HeldOut).ToList();
        var responses = contacts.Where(c => c.Response is not null).Select(c => ago(c.Response!.Value)).ToList();
        f["has_contact"] = contacts.Count > 0 ? 1 : 0;
        f["contacts"] = contacts.Count;
        f["contacts_90"] = contacts.Count(c => ago(c.At) <= 90);
        f["campaigns_held_out"] = all.Count - contacts.Count;
        f["responses"] = responses.Count;
        f["response_rate"] = Over(responses.Count, contacts.Count, 0);
        f["days_since_last_contact"] = contacts.Count > 0 ? contacts.Min(c => ago(c.At)) : -1;
        f["days_since_last_response"] = responses.Count > 0 ? responses.Min() : -1;
        f["campaign_cost"] = (double)contacts.Sum(c => c.Cost);
    }
}
