-- windows.sql: order lines, units and spend in the last 7, 30, 90, 180 and 365 days, and how they change.
-- in:   population(customer, customer_id, cutoff), purchases(customer_id, purchased_at, quantity, amount, is_return)
-- out:  one row per customer; a window of n days ends the day before the cutoff; returns are not taken off
-- rule: nothing dated on or after the customer's cutoff is read
-- note: a change is (recent - before) / (recent + before) of two neighbouring windows: -1 fell silent, 0 level or nothing in both, 1 only now
WITH dated AS (
    SELECT customer, CAST(cutoff - CAST(purchased_at AS DATE) AS INTEGER) AS days_ago, quantity, amount
    FROM purchases JOIN population USING (customer_id)
    WHERE purchased_at < cutoff AND NOT is_return),
summed AS (
    SELECT customer,
           count(*) FILTER (days_ago <= 7) AS lines_7, coalesce(sum(quantity) FILTER (days_ago <= 7), 0) AS units_7, coalesce(sum(amount) FILTER (days_ago <= 7), 0) AS spend_7,
           count(*) FILTER (days_ago <= 30) AS lines_30, coalesce(sum(quantity) FILTER (days_ago <= 30), 0) AS units_30, coalesce(sum(amount) FILTER (days_ago <= 30), 0) AS spend_30,
           count(*) FILTER (days_ago <= 90) AS lines_90, coalesce(sum(quantity) FILTER (days_ago <= 90), 0) AS units_90, coalesce(sum(amount) FILTER (days_ago <= 90), 0) AS spend_90,
           count(*) FILTER (days_ago <= 180) AS lines_180, coalesce(sum(quantity) FILTER (days_ago <= 180), 0) AS units_180, coalesce(sum(amount) FILTER (days_ago <= 180), 0) AS spend_180,
           count(*) FILTER (days_ago <= 365) AS lines_365, coalesce(sum(quantity) FILTER (days_ago <= 365), 0) AS units_365, coalesce(sum(amount) FILTER (days_ago <= 365), 0) AS spend_365
    FROM dated GROUP BY customer)
SELECT customer,
       lines_7,    -- [lines] Order lines in the last 7 days
       lines_30,   -- [lines] Order lines in the last 30 days
       lines_90,   -- [lines] Order lines in the last 90 days
       lines_180,  -- [lines] Order lines in the last 180 days
       lines_365,  -- [lines] Order lines in the last 365 days
       units_7,    -- [units] Units bought in the last 7 days
       units_30,   -- [units] Units bought in the last 30 days
       units_90,   -- [units] Units bought in the last 90 days
       units_180,  -- [units] Units bought in the last 180 days
       units_365,  -- [units] Units bought in the last 365 days
       spend_7,    -- [currency] Spend in the last 7 days
       spend_30,   -- [currency] Spend in the last 30 days
       spend_90,   -- [currency] Spend in the last 90 days
       spend_180,  -- [currency] Spend in the last 180 days
       spend_365,  -- [currency] Spend in the last 365 days
       coalesce((2 * lines_90 - lines_180) / nullif(lines_180, 0), 0) AS lines_change_90, -- [ratio] Order lines of the last 90 days against the 90 before, from -1 to 1
       coalesce((2 * spend_90 - spend_180) / nullif(spend_180, 0), 0) AS spend_change_90  -- [ratio] Spend of the last 90 days against the 90 before, from -1 to 1
FROM summed
