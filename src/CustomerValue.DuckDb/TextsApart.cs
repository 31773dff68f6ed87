using System.Globalization;
using CustomerValue.Features;

namespace CustomerValue.DuckDb;

/// <summary>A unit's texts taken apart. A text is first given to someone of its own, so that it is read as any customer's is; then someone is given all that its writer has but the text, so that
/// the set <see cref="TextSets.Writing"/> without it is made by the same statements as with it.</summary>
internal sealed class TextsApart
{
    private readonly Session _session;

    /// <param name="session">A session of its own, which holds the relations.</param>
    /// <param name="warehouse">The warehouse.</param>
    /// <param name="unit">A unit whose customers are known.</param>
    /// <param name="currency">The currency whose purchases count.</param>
    public TextsApart(Session session, Warehouse warehouse, FeatureUnit unit, string currency)
    {
        _session = session;
        session.Run(SourceTable.Views(warehouse, unit.Partitions, currency, "all_"));
        // piece: a review or a chat, in the order of their writers
        session.Run(
            $"""
            CREATE TEMP TABLE writers AS SELECT customer, customer_id, cutoff FROM read_parquet({Query.Literal(unit.Customers)});
            CREATE TEMP TABLE own_reviews AS SELECT row_number() OVER () AS review, r.* FROM all_reviews r JOIN writers USING (customer_id) WHERE reviewed_at < cutoff;
            CREATE TEMP TABLE own_turns AS SELECT t.* FROM all_dialogue_turns t JOIN writers USING (customer_id) WHERE spoken_at < cutoff;
            CREATE TEMP TABLE own_purchases AS SELECT p.* FROM all_purchases p JOIN writers USING (customer_id)
                WHERE purchased_at < cutoff AND customer_id IN (SELECT customer_id FROM own_reviews UNION ALL SELECT customer_id FROM own_turns);
            CREATE TEMP TABLE pieces AS
                SELECT CAST(row_number() OVER (ORDER BY customer, review, dialogue_id) - 1 AS INTEGER) AS piece, customer, customer_id AS writer, cutoff, review, dialogue_id
                FROM (SELECT customer_id, review, NULL AS dialogue_id FROM own_reviews WHERE text <> ''
                      UNION ALL SELECT DISTINCT customer_id, NULL, dialogue_id FROM own_turns WHERE speaker = 'customer') JOIN writers USING (customer_id);
            CREATE TEMP VIEW population AS SELECT piece AS customer, CAST(piece AS VARCHAR) AS customer_id, cutoff FROM pieces;
            CREATE TEMP VIEW reviews AS SELECT r.* REPLACE (CAST(piece AS VARCHAR) AS customer_id) FROM own_reviews r JOIN pieces USING (review);
            CREATE TEMP VIEW dialogue_turns AS SELECT t.* REPLACE (CAST(piece AS VARCHAR) AS customer_id) FROM own_turns t JOIN pieces p ON t.customer_id = writer AND t.dialogue_id = p.dialogue_id
            """);
        Writers = session.Rows("SELECT writer FROM pieces ORDER BY piece", r => r.GetString(0));
        Texts = [.. WrittenTexts.Of(session, Writers.Count).Select(texts => texts.SingleOrDefault())];
    }

    /// <summary>[pieces]: who wrote it; those of one customer stand together.</summary>
    public IReadOnlyList<string> Writers { get; }

    /// <summary>[pieces]: the text; null where it has no words.</summary>
    public IReadOnlyList<CustomerText?> Texts { get; }

    /// <summary>The set <see cref="TextSets.Writing"/> of each piece's writer without the piece.</summary>
    /// <param name="set">The set.</param>
    /// <param name="first">The first piece asked about.</param>
    /// <param name="end">The one after the last.</param>
    /// <returns>[columns of the set][pieces asked about]</returns>
    public double[][] WritingWithout(FeatureSet set, int first, int end)
    {
        var asked = string.Create(CultureInfo.InvariantCulture, $"(SELECT * FROM pieces WHERE piece >= {first} AND piece < {end})");
        _session.Run(
            $"""
            CREATE OR REPLACE TEMP VIEW population AS SELECT CAST(piece - {first} AS INTEGER) AS customer, CAST(piece AS VARCHAR) AS customer_id, cutoff FROM {asked};
            CREATE OR REPLACE TEMP VIEW purchases AS SELECT p.* REPLACE (CAST(piece AS VARCHAR) AS customer_id) FROM own_purchases p JOIN {asked} a ON p.customer_id = writer;
            CREATE OR REPLACE TEMP VIEW reviews AS SELECT r.* REPLACE (CAST(piece AS VARCHAR) AS customer_id) FROM own_reviews r JOIN {asked} a ON r.customer_id = writer AND r.review IS DISTINCT FROM a.review;
            CREATE OR REPLACE TEMP VIEW dialogue_turns AS SELECT t.* REPLACE (CAST(piece AS VARCHAR) AS customer_id) FROM own_turns t JOIN {asked} a ON t.customer_id = writer AND t.dialogue_id IS DISTINCT FROM a.dialogue_id
            """);
        foreach (var stage in set.Stages.Where(stage => stage.Name != FeatureSet.Population)) _session.Run($"CREATE OR REPLACE TEMP TABLE {stage.Name} AS {stage.Text}");
        var columns = set.Columns.Select(_ => new double[end - first]).ToArray();
        _session.Batches($"SELECT customer, {string.Join(", ", set.Columns.Select(f => $"CAST({f.Name} AS DOUBLE) AS {f.Name}"))} FROM ({set.File.Text})", batch =>
        {
            var piece = ((Apache.Arrow.Int32Array)batch.Column(0)).Values;
            for (var c = 0; c < columns.Length; c++)
            {
                var values = ((Apache.Arrow.DoubleArray)batch.Column(c + 1)).Values;
                for (var i = 0; i < piece.Length; i++) columns[c][piece[i]] = values[i];
            }
        });
        return columns;
    }
}
