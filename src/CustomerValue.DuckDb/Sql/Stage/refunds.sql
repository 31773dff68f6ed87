-- refunds.sql: returns and cancellations. They are never orders.
-- in:   lines(customer, days_ago, order_id, quantity, amount, is_return)
-- out:  one row per return, that is: order id and day; units and amount positive where goods or money went back
SELECT customer, days_ago, -sum(quantity) AS units, -sum(amount) AS amount
FROM lines WHERE is_return
GROUP BY customer, order_id, days_ago
