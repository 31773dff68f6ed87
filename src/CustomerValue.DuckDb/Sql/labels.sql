-- labels.sql: what customers did in the window [$cutoff, $until).
-- in:   purchases(customer_id, order_id, purchased_at, amount, is_return)
-- out:  one row per customer with an order or a return in the window; spend: orders less returns, floored at 0; purchases: days with an order
-- rule: an order belongs to the day of its first line, a return line to its own day; nothing dated on or after $until is read
WITH dated AS (
    SELECT customer_id, is_return, min(CAST(purchased_at AS DATE)) AS day, sum(amount) AS amount
    FROM purchases WHERE purchased_at < $until
    GROUP BY customer_id, is_return, order_id, CASE WHEN is_return THEN CAST(purchased_at AS DATE) END)
SELECT customer_id,
       CAST(greatest(sum(amount), 0) AS DOUBLE)                              AS spend,
       CAST(count(DISTINCT CASE WHEN NOT is_return THEN day END) AS INTEGER) AS purchases
FROM dated WHERE day >= $cutoff
GROUP BY customer_id
