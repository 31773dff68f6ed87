-- orders.sql: the orders of each customer, their lines added up.
-- in:   population(customer, customer_id, cutoff),
--       purchases(customer_id, order_id, purchased_at, quantity, unit_price, amount, is_return)
-- out:  one row per order; days_ago: whole days from its day to the cutoff, 1 for the day before it; prices: the unit prices of its lines added up
-- rule: nothing dated on or after the customer's cutoff is read; an order's time is its first line's
SELECT customer,
       min(purchased_at)                                           AS placed_at,
       CAST(cutoff - CAST(min(purchased_at) AS DATE) AS INTEGER)   AS days_ago,
       CAST(count(*) AS INTEGER)                                   AS lines,
       sum(quantity)                                               AS units,
       sum(amount)                                                 AS amount,
       sum(unit_price)                                             AS prices,
       max(unit_price)                                             AS highest_price
FROM purchases JOIN population USING (customer_id)
WHERE purchased_at < cutoff AND NOT is_return
GROUP BY customer, cutoff, order_id
