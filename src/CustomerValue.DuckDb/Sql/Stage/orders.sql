-- orders.sql: the orders of each customer, their lines added up.
-- in:   lines(customer, days_ago, purchased_at, order_id, quantity, unit_price, amount, is_return)
-- out:  one row per order; days_ago: whole days from its day to the cutoff, 1 for the day before it; prices: the unit prices of its lines added up
-- note: an order's time is its first line's
SELECT customer,
       min(purchased_at)         AS placed_at,
       max(days_ago)             AS days_ago,
       CAST(count(*) AS INTEGER) AS lines,
       sum(quantity)             AS units,
       sum(amount)               AS amount,
       sum(unit_price)           AS prices,
       max(unit_price)           AS highest_price
FROM lines WHERE NOT is_return
GROUP BY customer, order_id
