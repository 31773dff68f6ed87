-- shop.sql: the whole shop by $cutoff, one row per currency: what a customer is compared with.
-- in:   purchases(purchased_at, unit_price, currency, is_return)
-- out:  currency and the mean unit price of an order line; 0 when it has returns only
-- rule: nothing dated on or after $cutoff is read
SELECT currency, coalesce(sum(unit_price) FILTER (NOT is_return) / nullif(count(*) FILTER (NOT is_return), 0), 0) AS mean_price
FROM purchases
WHERE purchased_at < $cutoff
GROUP BY currency
ORDER BY currency
