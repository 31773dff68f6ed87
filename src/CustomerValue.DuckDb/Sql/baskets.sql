-- baskets.sql: how large orders are, and the first and last purchase beside the mean.
-- in:   population(customer), orders(customer, lines, units, amount), days(customer, days_ago, lines, spend)
-- out:  one row per customer; a purchase is a day with an order; all 0 for a customer who placed none
WITH sized AS (
    SELECT customer, count(*) AS orders, sum(lines) AS lines, max(lines) AS most_lines, sum(units) AS units, max(units) AS most_units,
           sum(amount) AS spend, min(amount) AS smallest, count(*) FILTER (lines = 1) AS single
    FROM orders GROUP BY customer),
dated AS (
    SELECT customer, count(*) AS days, sum(lines) AS lines, sum(spend) AS spend,
           arg_max(spend, days_ago) AS first_spend, arg_min(spend, days_ago) AS last_spend, arg_min(lines, days_ago) AS last_lines
    FROM days GROUP BY customer)
SELECT customer,
       coalesce(sized.lines / orders, 0)                          AS mean_basket_lines,    -- [lines] Mean order lines of an order
       coalesce(most_lines, 0)                                    AS max_basket_lines,     -- [lines] Most order lines of one order
       coalesce(units / orders, 0)                                AS mean_basket_units,    -- [units] Mean units of an order
       coalesce(most_units, 0)                                    AS max_basket_units,     -- [units] Most units of one order
       coalesce(units / sized.lines, 0)                           AS units_per_line,       -- [units] Mean units of an order line: wholesale or retail
       coalesce(sized.spend / sized.lines, 0)                     AS value_per_line,       -- [currency] Mean value of an order line
       coalesce(smallest, 0)                                      AS min_order_value,      -- [currency] Value of the smallest order
       coalesce(single / orders, 0)                               AS single_line_share,    -- [share] Share of orders with one line
       coalesce(orders / days, 0)                                 AS orders_per_day,       -- [orders] Orders on a day with orders
       coalesce(first_spend, 0)                                   AS first_purchase_value, -- [currency] Spend of the first purchase
       coalesce(last_spend, 0)                                    AS last_purchase_value,  -- [currency] Spend of the last purchase
       coalesce(last_spend * days / nullif(dated.spend, 0), 0)    AS last_value_over_mean, -- [ratio] Spend of the last purchase over the mean purchase; 0 when nothing was spent
       coalesce(last_lines * days / dated.lines, 0)               AS last_lines_over_mean  -- [ratio] Order lines of the last purchase over the mean purchase
FROM population LEFT JOIN sized USING (customer) LEFT JOIN dated USING (customer)
