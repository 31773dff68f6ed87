-- lines.sql: the order lines and return lines of each customer, read once for all who need them.
-- in:   population(customer, customer_id, cutoff),
--       purchases(customer_id, order_id, purchased_at, product_id, category, quantity, unit_price, amount, is_return)
-- out:  one row per line; days_ago: whole days from its day to the cutoff, 1 for the day before it
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer, CAST(cutoff - CAST(purchased_at AS DATE) AS INTEGER) AS days_ago, purchased_at, order_id, product_id, category, quantity, unit_price, amount, is_return
FROM purchases JOIN population USING (customer_id)
WHERE purchased_at < cutoff
