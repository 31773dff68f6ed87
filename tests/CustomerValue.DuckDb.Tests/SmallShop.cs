namespace CustomerValue.Tests;

/// <summary>SQL that makes a shop of all five kinds of records over 2024 and 2025, some three hundred customers; a hash stands in for chance, so it is always the same shop.</summary>
internal static class SmallShop
{
    /// <summary>A cutoff with history before it and records after it.</summary>
    public static readonly DateOnly Cutoff = new(2025, 7, 1);

    /// <summary>Makes the tables.</summary>
    public const string Script = """
        CREATE MACRO u(i, k) AS (hash(i * 1000 + k) % 1000003) / 1000003.0;
        CREATE MACRO who(i, k) AS printf('c%04d', CAST(floor(320 * pow(u(i, k), 1.7)) AS INTEGER));
        CREATE MACRO moment(i, k) AS TIMESTAMP '2024-01-01' + to_seconds(CAST(u(i, k) * 730 * 86400 AS BIGINT));

        CREATE TABLE purchases AS
        SELECT who(o, 1) AS customer_id,
               CASE WHEN u(o, 3) < 0.08 THEN 'R' ELSE 'O' END || (o // 2) AS order_id,
               CASE WHEN o % 7 = 0 THEN date_trunc('day', moment(o // 2, 2)) ELSE moment(o // 2, 2) END + to_minutes(CAST(l AS INTEGER)) AS purchased_at,
               CASE WHEN u(o * 10 + l, 4) < 0.05 THEN '' ELSE 'p' || CAST(floor(60 * pow(u(o * 10 + l, 4), 2)) AS INTEGER) END AS product_id,
               'a thing' AS description,
               CASE WHEN o % 5 = 0 THEN '' ELSE 'k' || CAST(floor(60 * pow(u(o * 10 + l, 4), 2)) AS INTEGER) % 7 END AS category,
               CAST((CASE WHEN u(o, 3) < 0.08 THEN -1 ELSE 1 END) * (1 + hash(o + l * 77) % 9) / 2.0 AS DECIMAL(18,3)) AS quantity,
               CAST(CASE WHEN o % 31 = 0 THEN 0 ELSE 0.01 + (hash(o * 5 + l) % 40000) / 1000.0 END AS DECIMAL(18,4)) AS unit_price,
               CAST(CAST(quantity AS DECIMAL(9,3)) * CAST(unit_price AS DECIMAL(9,4)) AS DECIMAL(18,4)) AS amount,
               'GBP' AS currency,
               u(o, 3) < 0.08 AS is_return
        FROM range(2600) t(o), range(1, 6) s(l) WHERE l <= 1 + hash(o * 3 + 9) % 5;

        CREATE TABLE browsing_events AS
        SELECT who(s, 11) AS customer_id, CASE WHEN s % 13 = 0 THEN '' ELSE 's' || s END AS session_id,
               moment(s, 12) + to_minutes(CAST(e AS INTEGER)) AS occurred_at,
               ['view', 'view', 'cart', 'search', 'purchase'][1 + CAST(hash(s * 7 + e) % 5 AS INTEGER)] AS kind,
               'p1' AS product_id, '' AS query, (hash(s * 9 + e) % 3000000) / 10000.0 AS dwell_seconds
        FROM range(3000) t(s), range(1, 8) q(e) WHERE e <= 1 + hash(s) % 7
        UNION ALL                              -- on order days, so that some carts lead to a purchase
        SELECT customer_id, 'b' || order_id, purchased_at, 'cart', product_id, '', 1.5 FROM purchases WHERE hash(order_id) % 3 = 0;

        CREATE TABLE reviews AS                -- some blank, some alike, some without stars
        SELECT who(i, 21) AS customer_id, moment(i, 22) AS reviewed_at, 'p1' AS product_id, CAST(hash(i) % 6 AS TINYINT) AS stars,
               CASE hash(i * 3) % 8 WHEN 0 THEN '' WHEN 1 THEN chr(12288) || chr(9) || ' ' WHEN 2 THEN '很好' WHEN 3 THEN '物流太慢了，第' || i || '次买' WHEN 4 THEN '质量 good, 下次再来 again ' || i
                    WHEN 5 THEN '★★★ ' || i WHEN 6 THEN 'Never again, it broke after ' || i || ' days' ELSE ' Lovely colour, bought ' || i || ' of them ' END AS text
        FROM range(700) t(i);

        CREATE TABLE dialogue_turns AS         -- some go on over the cutoff, some are the agent's alone, some end with the customer
        SELECT who(d, 31) AS customer_id, 'd' || d AS dialogue_id, CAST(l AS INTEGER) AS turn,
               CASE WHEN d % 20 = 0 THEN TIMESTAMP '2025-06-30 22:30:00' ELSE moment(d, 32) END + to_seconds(CAST(l * (20 + hash(d * 5 + l) % 2400) AS BIGINT)) AS spoken_at,
               CASE WHEN d % 30 = 1 THEN 'agent' WHEN l = 1 OR hash(d * 7 + l) % 2 = 0 THEN 'customer' ELSE 'agent' END AS speaker,
               CASE hash(d * 11 + l) % 6 WHEN 0 THEN ' ' WHEN 1 THEN ' Where is my parcel ' || d || '? ' WHEN 2 THEN '我要退货，订单' || d WHEN 3 THEN 'Thanks, solved.' WHEN 4 THEN '好的' ELSE 'Line ' || l || ' of ' || d END AS text
        FROM range(500) t(d), range(1, 8) s(l) WHERE l <= 1 + hash(d * 13) % 7;

        CREATE TABLE campaign_contacts AS
        SELECT who(i, 41) AS customer_id, 'm' || i % 20 AS campaign_id, moment(i, 42) AS contacted_at,
               CASE WHEN hash(i) % 4 = 0 THEN 'control' ELSE 'coupon10' END AS treatment, 'email' AS channel,
               CAST((hash(i * 3) % 1000) / 1000.0 AS DECIMAL(18,4)) AS cost, CASE WHEN i % 9 = 0 THEN 'EUR' ELSE 'GBP' END AS currency,
               CASE WHEN hash(i * 5) % 3 = 0 THEN moment(i, 42) + to_days(CAST(hash(i * 11) % 40 AS INTEGER)) END AS responded_at
        FROM range(1200) t(i);
        """;

    /// <summary>Deletes half of what is dated on or after the cutoff, changes the other half, and invents more, new customers and a new currency among it.</summary>
    public const string Scrambled = Script + """

        DELETE FROM purchases WHERE purchased_at >= DATE '2025-07-01' AND hash(order_id) % 2 = 0;
        UPDATE purchases SET customer_id = who(CAST(hash(order_id) % 1000 AS BIGINT), 51), amount = amount * 7 + 3, quantity = 1, unit_price = 999, product_id = 'new', category = 'new',
            purchased_at = DATE '2025-07-01' + to_seconds(CAST(hash(purchased_at) % 9000000 AS BIGINT)) WHERE purchased_at >= DATE '2025-07-01';
        INSERT INTO purchases SELECT * REPLACE ('n' || customer_id AS customer_id, TIMESTAMP '2025-07-01 00:00:00' AS purchased_at, 'CNY' AS currency) FROM purchases WHERE hash(order_id) % 9 = 0;
        INSERT INTO purchases SELECT * REPLACE (TIMESTAMP '2025-07-01 00:00:00' AS purchased_at, 5 AS amount) FROM purchases WHERE purchased_at < DATE '2025-07-01' AND hash(order_id) % 9 = 1;

        DELETE FROM browsing_events WHERE occurred_at >= DATE '2025-07-01' AND hash(session_id) % 2 = 0;
        UPDATE browsing_events SET kind = 'cart', dwell_seconds = 1e6 WHERE occurred_at >= DATE '2025-07-01';
        INSERT INTO browsing_events SELECT * REPLACE (TIMESTAMP '2025-07-01 00:00:00' AS occurred_at) FROM browsing_events WHERE hash(session_id) % 5 = 0;

        DELETE FROM reviews WHERE reviewed_at >= DATE '2025-07-01' AND hash(text) % 2 = 0;
        UPDATE reviews SET stars = 1, text = 'All of it broke ' || text, customer_id = who(stars, 52) WHERE reviewed_at >= DATE '2025-07-01';
        INSERT INTO reviews SELECT * REPLACE (TIMESTAMP '2025-07-01 00:00:00' AS reviewed_at, 5 AS stars) FROM reviews;
        DELETE FROM dialogue_turns WHERE spoken_at >= DATE '2025-07-01' AND hash(text) % 2 = 0;
        UPDATE dialogue_turns SET speaker = 'customer', text = 'I will never come back' WHERE spoken_at >= DATE '2025-07-01';
        INSERT INTO dialogue_turns SELECT * REPLACE (CAST(turn % 3 AS INTEGER) AS turn, TIMESTAMP '2025-07-01 00:00:00' AS spoken_at, CASE WHEN hash(text) % 2 = 0 THEN 'agent' ELSE 'customer' END AS speaker, 'Solved, or not' AS text) FROM dialogue_turns;

        DELETE FROM campaign_contacts WHERE contacted_at >= DATE '2025-07-01' AND hash(customer_id) % 2 = 0;
        UPDATE campaign_contacts SET responded_at = TIMESTAMP '2025-07-01 00:00:00' WHERE responded_at >= DATE '2025-07-01' OR (responded_at IS NULL AND cost > 0.5);
        INSERT INTO campaign_contacts SELECT * REPLACE (TIMESTAMP '2025-07-01 00:00:00' AS contacted_at, 77 AS cost) FROM campaign_contacts;
        """;
}
