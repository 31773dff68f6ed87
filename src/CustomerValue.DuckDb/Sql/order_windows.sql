-- order_windows.sql: orders and returns in the last 7, 30, 90, 180 and 365 days, and how they change.
-- in:   population(customer), orders(customer, days_ago, amount), refunds(customer, days_ago, amount)
-- out:  one row per customer; a window of n days ends the day before the cutoff
-- note: a change is (recent - before) / (recent + before) of two neighbouring windows: -1 fell silent, 0 level or nothing in both, 1 only now
WITH bought AS (
    SELECT customer,
           count(*) FILTER (days_ago <= 7) AS orders_7, count(*) FILTER (days_ago <= 30) AS orders_30, count(*) FILTER (days_ago <= 60) AS orders_60,
           count(*) FILTER (days_ago <= 90) AS orders_90, count(*) FILTER (days_ago <= 180) AS orders_180, count(*) FILTER (days_ago <= 365) AS orders_365,
           coalesce(sum(amount) FILTER (days_ago <= 90), 0) AS spend_90, coalesce(sum(amount) FILTER (days_ago <= 365), 0) AS spend_365,
           count(*) AS orders, sum(amount) AS spend, max(days_ago) AS tenure
    FROM orders GROUP BY customer),
returned AS (
    SELECT customer,
           coalesce(sum(amount) FILTER (days_ago <= 30), 0)  AS returned_30,
           coalesce(sum(amount) FILTER (days_ago <= 90), 0)  AS returned_90,
           coalesce(sum(amount) FILTER (days_ago <= 365), 0) AS returned_365
    FROM refunds GROUP BY customer)
SELECT customer,
       coalesce(orders_7, 0) AS orders_7,   -- [orders] Orders in the last 7 days
       coalesce(orders_30, 0) AS orders_30,  -- [orders] Orders in the last 30 days
       coalesce(orders_90, 0) AS orders_90,  -- [orders] Orders in the last 90 days
       coalesce(orders_180, 0) AS orders_180, -- [orders] Orders in the last 180 days
       coalesce(orders_365, 0) AS orders_365, -- [orders] Orders in the last 365 days
       coalesce(returned_30, 0)                                          AS returned_30,      -- [currency] Money given back in the last 30 days
       coalesce(returned_90, 0)                                          AS returned_90,      -- [currency] Money given back in the last 90 days
       coalesce(returned_365, 0)                                         AS returned_365,     -- [currency] Money given back in the last 365 days
       coalesce((2 * orders_30 - orders_60) / nullif(orders_60, 0), 0)   AS orders_change_30, -- [ratio] Orders of the last 30 days against the 30 before, from -1 to 1
       coalesce((2 * orders_90 - orders_180) / nullif(orders_180, 0), 0) AS orders_change_90, -- [ratio] Orders of the last 90 days against the 90 before, from -1 to 1
       coalesce(orders_90 / orders, 0)                                   AS orders_share_90,  -- [share] Share of all orders that fell in the last 90 days; 0 when there was none
       coalesce(orders_365 / orders, 0)                                  AS orders_share_365, -- [share] Share of all orders that fell in the last 365 days; 0 when there was none
       coalesce(spend_90 / nullif(spend, 0), 0)                          AS spend_share_90,   -- [share] Share of all spend in the last 90 days; 0 when nothing was spent
       coalesce(spend_365 / nullif(spend, 0), 0)                         AS spend_share_365,  -- [share] Share of all spend in the last 365 days; 0 when nothing was spent
       coalesce(orders_90 * tenure / (orders * least(tenure, 90)), 0)    AS orders_pace_90    -- [ratio] Orders per day in the last 90 days over orders per day since the first; 0 when there was none
FROM population LEFT JOIN bought USING (customer) LEFT JOIN returned USING (customer)
