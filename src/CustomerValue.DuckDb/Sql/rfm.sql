-- rfm.sql: recency, frequency and monetary value, as the marketer counts them.
-- in:   population(customer), orders(customer, days_ago, amount), refunds(customer, amount)
-- out:  one row per customer, times in days
WITH bought AS (
    SELECT customer, min(days_ago) AS last, max(days_ago) AS first, count(*) AS orders, sum(amount) AS spend, max(amount) AS largest
    FROM orders GROUP BY customer),
returned AS (
    SELECT customer, sum(amount) AS amount
    FROM refunds GROUP BY customer)
SELECT customer,
       coalesce(last, -1)                             AS days_since_last_purchase, -- [days] From the day of the last order to the cutoff; 1 for the day before it, -1 when there was no order
       coalesce(first, -1)                            AS tenure_days,              -- [days] From the day of the first order to the cutoff; -1 when there was none
       coalesce(orders, 0)                            AS orders,                   -- [orders] Orders so far
       coalesce(spend, 0)                             AS gross_spend,              -- [currency] Spend so far, returns not taken off
       coalesce(spend, 0) - coalesce(returned.amount, 0) AS net_spend,               -- [currency] Spend so far less returns; may be negative
       coalesce(returned.amount, 0)                   AS returned_amount,          -- [currency] Money given back so far; 0 when none
       coalesce(spend / orders, 0)                    AS mean_order_value,         -- [currency] Mean value of an order; 0 when there was none
       coalesce(largest, 0)                           AS max_order_value,          -- [currency] Value of the largest order; 0 when there was none
       coalesce(orders * 30.0 / first, 0)             AS orders_per_30_days,       -- [orders] Orders per 30 days since the first; 0 when there was none
       coalesce(spend * 30.0 / first, 0)              AS spend_per_30_days         -- [currency] Spend per 30 days since the first order; 0 when there was none
FROM population LEFT JOIN bought USING (customer) LEFT JOIN returned USING (customer)
