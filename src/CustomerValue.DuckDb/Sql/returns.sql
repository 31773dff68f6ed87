-- returns.sql: what a customer gave back.
-- in:   population(customer), orders(customer, units, amount), refunds(customer, days_ago, units, amount)
-- out:  one row per customer
WITH bought AS (
    SELECT customer, count(*) AS orders, sum(units) AS units, sum(amount) AS spend
    FROM orders GROUP BY customer),
returned AS (
    SELECT customer, count(*) AS returns, sum(units) AS back, sum(amount) AS amount, max(amount) AS largest, min(days_ago) AS last,
           count(*) FILTER (days_ago <= 90) AS returns_90
    FROM refunds GROUP BY customer)
SELECT customer,
       CAST(returns IS NOT NULL AS INTEGER)             AS has_returned,           -- [flag] 1 when anything was given back
       coalesce(returns, 0)                             AS returns,                -- [returns] Returns and cancellations so far
       coalesce(returns_90, 0)                          AS returns_90,             -- [returns] Returns and cancellations in the last 90 days
       coalesce(coalesce(returns, 0) / orders, 0)       AS returns_per_order,      -- [ratio] Returns over orders; 0 when no order is known
       coalesce(amount / nullif(spend, 0), 0)           AS returned_spend_share,   -- [share] Money given back over spend; 0 when nothing was spent
       coalesce(back / nullif(units, 0), 0)             AS returned_units_share,   -- [share] Units given back over units bought; 0 when none were
       coalesce(largest, 0)                             AS max_return,             -- [currency] Largest return; 0 when none
       coalesce(last, -1)                               AS days_since_last_return  -- [days] From the day of the last return to the cutoff; -1 when none
FROM population LEFT JOIN bought USING (customer) LEFT JOIN returned USING (customer)
