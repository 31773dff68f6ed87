-- labels_own.sql: what customers did in windows of their own, [cutoff, cutoff + $days).
-- in:   asked(customer_id, cutoff), purchases(customer_id, order_id, purchased_at, amount, is_return)
-- out:  one row per customer with an order or a return in the window; spend: orders less returns, floored at 0; purchases: days with an order
-- rule: as in labels.sql, which does the same where all windows are one
WITH dated AS (
    SELECT customer_id, cutoff, is_return, min(CAST(purchased_at AS DATE)) AS day, sum(amount) AS amount
    FROM purchases JOIN asked USING (customer_id)
    WHERE purchased_at < cutoff + CAST($days AS INTEGER)
    GROUP BY customer_id, cutoff, is_return, order_id, CASE WHEN is_return THEN CAST(purchased_at AS DATE) END)
SELECT customer_id,
       CAST(greatest(sum(amount), 0) AS DOUBLE)                              AS spend,
       CAST(count(DISTINCT CASE WHEN NOT is_return THEN day END) AS INTEGER) AS purchases
FROM dated WHERE day >= cutoff
GROUP BY customer_id
