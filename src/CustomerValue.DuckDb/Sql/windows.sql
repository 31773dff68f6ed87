-- windows.sql: order lines, units and spend in the last 7, 30, 90, 180 and 365 days, and how they change.
-- in:   population(customer), lines(customer, days_ago, quantity, amount, is_return)
-- out:  one row per customer; a window of n days ends the day before the cutoff; returns are not taken off
-- note: lines are added up by the shortest window that holds them first, which spares most of the work
-- note: a change is (recent - before) / (recent + before) of two neighbouring windows: -1 fell silent, 0 level or nothing in both, 1 only now
WITH shortest AS (
    SELECT customer,
           CASE WHEN days_ago <= 7 THEN 7 WHEN days_ago <= 30 THEN 30 WHEN days_ago <= 90 THEN 90 WHEN days_ago <= 180 THEN 180 WHEN days_ago <= 365 THEN 365 ELSE 9999 END AS days,
           count(*) AS lines, sum(quantity) AS units, sum(amount) AS spend
    FROM lines WHERE NOT is_return GROUP BY ALL),
summed AS (
    SELECT customer,
           coalesce(sum(lines) FILTER (days <= 7), 0) AS lines_7, coalesce(sum(units) FILTER (days <= 7), 0) AS units_7, coalesce(sum(spend) FILTER (days <= 7), 0) AS spend_7,
           coalesce(sum(lines) FILTER (days <= 30), 0) AS lines_30, coalesce(sum(units) FILTER (days <= 30), 0) AS units_30, coalesce(sum(spend) FILTER (days <= 30), 0) AS spend_30,
           coalesce(sum(lines) FILTER (days <= 90), 0) AS lines_90, coalesce(sum(units) FILTER (days <= 90), 0) AS units_90, coalesce(sum(spend) FILTER (days <= 90), 0) AS spend_90,
           coalesce(sum(lines) FILTER (days <= 180), 0) AS lines_180, coalesce(sum(units) FILTER (days <= 180), 0) AS units_180, coalesce(sum(spend) FILTER (days <= 180), 0) AS spend_180,
           coalesce(sum(lines) FILTER (days <= 365), 0) AS lines_365, coalesce(sum(units) FILTER (days <= 365), 0) AS units_365, coalesce(sum(spend) FILTER (days <= 365), 0) AS spend_365
    FROM shortest GROUP BY customer)
SELECT customer,
       coalesce(lines_7, 0) AS lines_7,    -- [lines] Order lines in the last 7 days
       coalesce(lines_30, 0) AS lines_30,   -- [lines] Order lines in the last 30 days
       coalesce(lines_90, 0) AS lines_90,   -- [lines] Order lines in the last 90 days
       coalesce(lines_180, 0) AS lines_180,  -- [lines] Order lines in the last 180 days
       coalesce(lines_365, 0) AS lines_365,  -- [lines] Order lines in the last 365 days
       coalesce(units_7, 0) AS units_7,    -- [units] Units bought in the last 7 days
       coalesce(units_30, 0) AS units_30,   -- [units] Units bought in the last 30 days
       coalesce(units_90, 0) AS units_90,   -- [units] Units bought in the last 90 days
       coalesce(units_180, 0) AS units_180,  -- [units] Units bought in the last 180 days
       coalesce(units_365, 0) AS units_365,  -- [units] Units bought in the last 365 days
       coalesce(spend_7, 0) AS spend_7,    -- [currency] Spend in the last 7 days
       coalesce(spend_30, 0) AS spend_30,   -- [currency] Spend in the last 30 days
       coalesce(spend_90, 0) AS spend_90,   -- [currency] Spend in the last 90 days
       coalesce(spend_180, 0) AS spend_180,  -- [currency] Spend in the last 180 days
       coalesce(spend_365, 0) AS spend_365,  -- [currency] Spend in the last 365 days
       coalesce((2 * lines_90 - lines_180) / nullif(lines_180, 0), 0) AS lines_change_90, -- [ratio] Order lines of the last 90 days against the 90 before, from -1 to 1
       coalesce((2 * spend_90 - spend_180) / nullif(spend_180, 0), 0) AS spend_change_90  -- [ratio] Spend of the last 90 days against the 90 before, from -1 to 1
FROM population LEFT JOIN summed USING (customer)
