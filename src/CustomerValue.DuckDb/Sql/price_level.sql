-- price_level.sql: how dear the things are that a customer buys.
-- in:   population(customer), orders(customer, days_ago, lines, units, amount, prices, highest_price), shop(mean_price)
-- out:  one row per customer
WITH priced AS (
    SELECT customer, sum(lines) AS lines, sum(units) AS units, sum(amount) AS spend, sum(prices) AS prices, max(highest_price) AS highest,
           sum(lines) FILTER (days_ago <= 90) AS lines_90, sum(prices) FILTER (days_ago <= 90) AS prices_90
    FROM orders GROUP BY customer)
SELECT customer,
       coalesce(prices / lines, 0)                                AS mean_price,         -- [currency] Mean unit price of an order line; 0 when there was none
       coalesce(highest, 0)                                       AS max_price,          -- [currency] Highest unit price paid; 0 when nothing was bought
       coalesce(spend / nullif(units, 0), 0)                      AS spend_per_unit,     -- [currency] Spend over units bought; 0 when no units are known
       coalesce(prices / lines / nullif(mean_price, 0), 1)        AS price_over_shop,    -- [ratio] Mean unit price over that of the whole shop so far; 1 when the shop's is 0, or nothing was bought
       coalesce(prices_90 / lines_90 / nullif(prices / lines, 0), 1) AS price_over_own_90 -- [ratio] Mean unit price of the last 90 days over the customer's own; 1 when nothing was bought
FROM population LEFT JOIN priced USING (customer) CROSS JOIN shop
