-- products.sql: how often each customer bought which product.
-- in:   population(customer, customer_id, cutoff), purchases(customer_id, purchased_at, product_id, is_return)
-- out:  one row per customer and product; lines without a product code are left out
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer, count(*) AS lines
FROM purchases JOIN population USING (customer_id)
WHERE purchased_at < cutoff AND NOT is_return AND product_id <> ''
GROUP BY customer, product_id
