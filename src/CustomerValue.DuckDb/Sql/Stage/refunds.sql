-- refunds.sql: returns and cancellations. They are never orders.
-- in:   population(customer, customer_id, cutoff), purchases(customer_id, order_id, purchased_at, quantity, amount, is_return)
-- out:  one row per return, that is: order id and day; units and amount positive where goods or money went back
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer,
       CAST(cutoff - CAST(purchased_at AS DATE) AS INTEGER) AS days_ago,
       -sum(quantity)                                       AS units,
       -sum(amount)                                         AS amount
FROM purchases JOIN population USING (customer_id)
WHERE purchased_at < cutoff AND is_return
GROUP BY customer, order_id, CAST(purchased_at AS DATE), cutoff
