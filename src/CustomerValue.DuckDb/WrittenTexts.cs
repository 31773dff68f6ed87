using System.Globalization;
using Apache.Arrow;
using CustomerValue.Features;
using CustomerValue.Ingestion;

namespace CustomerValue.DuckDb;

/// <summary>What customers wrote before a cutoff, read from a warehouse. Chats are put together as <see cref="ShopTextLabels"/> does.</summary>
internal static class WrittenTexts
{
    /// <summary>The texts of a unit's customers.</summary>
    /// <param name="session">A session of its own.</param>
    /// <param name="warehouse">The warehouse.</param>
    /// <param name="unit">A unit whose customers are known.</param>
    /// <param name="cutoff">Nothing dated on or after it is read.</param>
    /// <returns>[customers of the unit]: each one's texts, oldest first.</returns>
    public static List<CustomerText>[] Of(Session session, Warehouse warehouse, FeatureUnit unit, DateOnly cutoff)
    {
        session.Run(SourceTable.Views(warehouse, unit.Partitions, null));
        session.Run($"CREATE TEMP TABLE {FeatureSet.Population} AS SELECT customer, customer_id, {Day(cutoff)} AS cutoff FROM read_parquet({Query.Literal(unit.Customers)})");
        var customers = session.Rows($"SELECT count(*) FROM {FeatureSet.Population}", r => r.GetInt64(0))[0];
        return Of(session, customers);
    }

    /// <summary>The texts of a session's customers, which its relations population, reviews and dialogue_turns tell of.</summary>
    /// <param name="session">A session that has them.</param>
    /// <param name="customers">How many customers there are.</param>
    /// <returns>[customers]: each one's texts, oldest first.</returns>
    public static List<CustomerText>[] Of(Session session, long customers)
    {
        var texts = new List<CustomerText>[customers];
        for (var c = 0; c < texts.Length; c++) texts[c] = [];

        session.Batches($"SELECT customer, epoch_us(reviewed_at), text FROM ({SqlFile.Load("written_reviews").Text}) WHERE has_words", batch =>
        {
            var (customer, at, words) = ((Int32Array)batch.Column(0), (Int64Array)batch.Column(1), (StringArray)batch.Column(2));
            for (var row = 0; row < batch.Length; row++) texts[customer.Values[row]].Add(new(Moment(at.Values[row]), words.GetString(row), false, false));
        });
        var chat = new Chat(texts);
        session.Batches($"SELECT customer, dialogue_id, epoch_us(spoken_at), by_customer, text FROM ({SqlFile.Load("turns").Text}) ORDER BY customer, dialogue_id, turn, spoken_at, by_customer, text", chat.Add);
        chat.End();
        foreach (var written in texts) written.Sort(Order);
        return texts;
    }

    /// <summary>The order that a customer's texts stand in: by time; what is written at one moment stands in one order, wherever it lay.</summary>
    public static int Order(CustomerText a, CustomerText b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Text, b.Text) is var order and not 0 ? order : (a.Answered, a.AgentSpoke).CompareTo((b.Answered, b.AgentSpoke));

    /// <summary>All of a shop's texts before a cutoff, with the labels known by then.</summary>
    public static IReadOnlyList<ShopText> Labelled(Session session, Warehouse warehouse, string currency, DateOnly cutoff)
    {
        session.Run(SourceTable.Views(warehouse, [.. Enumerable.Range(0, warehouse.Partitions)], currency));
        var reviews = session.Rows(
            $"SELECT customer_id, epoch_us(reviewed_at), stars, text FROM reviews WHERE reviewed_at < {Day(cutoff)} ORDER BY customer_id, reviewed_at, stars, text",
            r => new Review(r.GetString(0), Moment(r.GetInt64(1)), "", r.IsDBNull(2) ? 0 : r.GetFieldValue<sbyte>(2), r.GetString(3)));
        var turns = session.Rows(
            $"SELECT customer_id, dialogue_id, turn, epoch_us(spoken_at), speaker, text FROM dialogue_turns WHERE spoken_at < {Day(cutoff)} AND speaker = 'customer' ORDER BY customer_id, dialogue_id, turn, spoken_at, text",
            r => new DialogueTurn(r.GetString(0), r.GetString(1), r.GetInt32(2), Moment(r.GetInt64(3)), r.GetString(4), r.GetString(5)));
        var orders = session.Rows(
            $"SELECT DISTINCT customer_id, epoch_us(purchased_at) FROM purchases WHERE purchased_at < {Day(cutoff)} AND NOT is_return AND customer_id IN (SELECT customer_id FROM reviews UNION SELECT customer_id FROM dialogue_turns)",
            r => new Purchase(r.GetString(0), "", Moment(r.GetInt64(1)), "", "", "", 1, 0, currency, false));
        return new ShopTextLabels(cutoff).Of(reviews, turns, orders);
    }

    private static string Day(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"DATE '{day:yyyy-MM-dd}'");

    private static DateTime Moment(long microseconds) => new(DateTime.UnixEpoch.Ticks + microseconds * TimeSpan.TicksPerMicrosecond);

    // Turns come chat by chat, in the order they were said.
    private sealed class Chat(List<CustomerText>[] texts)
    {
        private readonly List<string> _said = [];
        private (int Customer, string Dialogue) _open = (-1, "");
        private DateTime _last;
        private bool _agentSpoke, _agentLast;

        public void Add(Apache.Arrow.RecordBatch batch)
        {
            var (customer, dialogue, at) = ((Int32Array)batch.Column(0), (StringArray)batch.Column(1), (Int64Array)batch.Column(2));
            var (byCustomer, text) = ((BooleanArray)batch.Column(3), (StringArray)batch.Column(4));
            for (var row = 0; row < batch.Length; row++)
            {
                if (customer.Values[row] != _open.Customer || dialogue.GetString(row) is var id && id != _open.Dialogue)
                {
                    End();
                    _open = (customer.Values[row], dialogue.GetString(row));
                }
                _agentLast = byCustomer.GetValue(row) == false;
                _agentSpoke |= _agentLast;
                if (_agentLast) continue;
                _said.Add(text.GetString(row).Trim());
                if (Moment(at.Values[row]) is var moment && moment > _last) _last = moment;
            }
        }

        public void End()
        {
            if (_said.Count > 0) texts[_open.Customer].Add(new(_last, string.Join('\n', _said), _agentSpoke, _agentLast));
            _said.Clear();
            (_last, _agentSpoke, _agentLast) = (DateTime.MinValue, false, false);
        }
    }
}
