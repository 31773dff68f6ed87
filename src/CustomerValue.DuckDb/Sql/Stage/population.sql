-- population.sql: whose features are asked for, and up to which day.
-- in:   purchases(customer_id, purchased_at, is_return)
-- out:  one row per customer with an order before $cutoff; customer numbers them from 0 in order of customer_id
-- rule: every other relation takes its clock from here, row by row: this is the only file that knows $cutoff
SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer,
       customer_id,
       $cutoff                                                       AS cutoff
FROM (SELECT DISTINCT customer_id FROM purchases WHERE purchased_at < $cutoff AND NOT is_return)
ORDER BY customer_id
