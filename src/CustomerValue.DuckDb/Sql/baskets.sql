-- baskets.sql: how large orders are, and the first and last purchase beside the mean.
-- in:   orders(customer, lines, units, amount), days(customer, days_ago, lines, spend)
-- out:  one row per customer; a purchase is a day with an order
WITH sized AS (
    SELECT customer, count(*) AS orders, sum(lines) AS lines, max(lines) AS most_lines, sum(units) AS units, max(units) AS most_units,
           sum(amount) AS spend, min(amount) AS smallest, count(*) FILTER (lines = 1) AS single
    FROM orders GROUP BY customer),
dated AS (
    SELECT customer, count(*) AS days, sum(lines) AS lines, sum(spend) AS spend,
           arg_max(spend, days_ago) AS first_spend, arg_min(spend, days_ago) AS last_spend, arg_min(lines, days_ago) AS last_lines
    FROM days GROUP BY customer)
SELECT customer,
       sized.lines / orders                                       AS mean_basket_lines,    -- [lines] Mean order lines of an order
       most_lines                                                 AS max_basket_lines,     -- [lines] Most order lines of one order
       units / orders                                             AS mean_basket_units,    -- [units] Mean units of an order
       most_units                                                 AS max_basket_units,     -- [units] Most units of one order
       units / sized.lines                                        AS units_per_line,       -- [units] Mean units of an order line: wholesale or retail
       sized.spend / sized.lines                                  AS value_per_line,       -- [currency] Mean value of an order line
       smallest                                                   AS min_order_value,      -- [currency] Value of the smallest order
       single / orders                                            AS single_line_share,    -- [share] Share of orders with one line
       orders / days                                              AS orders_per_day,       -- [orders] Orders on a day with orders
       first_spend                                                AS first_purchase_value, -- [currency] Spend of the first purchase
       last_spend                                                 AS last_purchase_value,  -- [currency] Spend of the last purchase
       coalesce(last_spend * days / nullif(dated.spend, 0), 0)    AS last_value_over_mean, -- [ratio] Spend of the last purchase over the mean purchase; 0 when nothing was spent
       last_lines * days / dated.lines                            AS last_lines_over_mean  -- [ratio] Order lines of the last purchase over the mean purchase
FROM sized JOIN dated USING (customer)
