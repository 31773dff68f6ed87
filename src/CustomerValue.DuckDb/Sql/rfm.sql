-- rfm.sql: recency, frequency and monetary value, as the marketer counts them.
-- in:   orders(customer, days_ago, amount), refunds(customer, amount)
-- out:  one row per customer, times in days
WITH bought AS (
    SELECT customer, min(days_ago) AS last, max(days_ago) AS first, count(*) AS orders, sum(amount) AS spend, max(amount) AS largest
    FROM orders GROUP BY customer),
returned AS (
    SELECT customer, sum(amount) AS amount
    FROM refunds GROUP BY customer)
SELECT customer,
       last                                           AS days_since_last_purchase, -- [days] From the day of the last order to the cutoff; 1 for the day before it
       first                                          AS tenure_days,              -- [days] From the day of the first order to the cutoff
       orders                                         AS orders,                   -- [orders] Orders so far
       spend                                          AS gross_spend,              -- [currency] Spend so far, returns not taken off
       spend - coalesce(returned.amount, 0)           AS net_spend,                -- [currency] Spend so far less returns; may be negative
       coalesce(returned.amount, 0)                   AS returned_amount,          -- [currency] Money given back so far; 0 when none
       spend / orders                                 AS mean_order_value,         -- [currency] Mean value of an order
       largest                                        AS max_order_value,          -- [currency] Value of the largest order
       orders * 30.0 / first                          AS orders_per_30_days,       -- [orders] Orders per 30 days since the first
       spend * 30.0 / first                           AS spend_per_30_days         -- [currency] Spend per 30 days since the first order
FROM bought LEFT JOIN returned USING (customer)
