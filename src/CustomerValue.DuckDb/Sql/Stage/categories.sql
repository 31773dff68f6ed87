-- categories.sql: how often each customer bought from which category.
-- in:   population(customer, customer_id, cutoff), purchases(customer_id, purchased_at, category, is_return)
-- out:  one row per customer and category; lines without a category are left out
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer, count(*) AS lines
FROM purchases JOIN population USING (customer_id)
WHERE purchased_at < cutoff AND NOT is_return AND category <> ''
GROUP BY customer, category
