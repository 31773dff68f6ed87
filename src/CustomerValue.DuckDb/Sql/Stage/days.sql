-- days.sql: the days on which each customer placed orders; orders of one day are one purchase.
-- in:   orders(customer, days_ago, lines, amount)
-- out:  one row per customer and day with an order
SELECT customer, days_ago, sum(lines) AS lines, sum(amount) AS spend
FROM orders
GROUP BY customer, days_ago
