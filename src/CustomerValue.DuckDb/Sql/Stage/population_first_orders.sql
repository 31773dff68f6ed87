-- population_first_orders.sql: whose features are asked for, and up to which day: customers who have just come.
-- in:   purchases(customer_id, purchased_at, is_return)
-- out:  one row per customer whose first order lies in [$from, $to); cutoff: the day after it, so that only that day's orders are history
-- rule: every other relation takes its clock from here, row by row; nothing dated on or after $to is read
SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer,
       customer_id,
       first_day + 1                                                 AS cutoff
FROM (SELECT customer_id, min(CAST(purchased_at AS DATE)) AS first_day FROM purchases WHERE purchased_at < $to AND NOT is_return GROUP BY customer_id)
WHERE first_day >= $from
ORDER BY customer_id
