-- product_names.sql: what the products are called that a customer bought.
-- in:   asked(customer_id, cutoff), purchases(customer_id, purchased_at, description, is_return)
-- out:  one row per customer and product name
-- rule: nothing dated on or after the customer's cutoff is read
SELECT DISTINCT customer_id, trim(description) AS name
FROM purchases JOIN asked USING (customer_id)
WHERE purchased_at < cutoff AND NOT is_return AND trim(description) <> ''
