-- shop.sql: what the whole shop sold by $cutoff: what a customer's prices are compared with.
-- in:   purchases(purchased_at, unit_price, currency, is_return)
-- out:  one row per currency; unit prices of order lines added up, and how many lines; added over partitions, they make mean_price of the relation shop
-- rule: nothing dated on or after $cutoff is read
SELECT currency,
       coalesce(sum(unit_price) FILTER (NOT is_return), 0) AS prices,
       count(*) FILTER (NOT is_return)                     AS lines
FROM purchases
WHERE purchased_at < $cutoff
GROUP BY currency
