-- chats.sql: the service chats in which the customer said something.
-- in:   turns(customer, dialogue_id, turn, spoken_at, days_ago, by_customer, han, latin)
-- out:  one row per chat, dated by the customer's last turn; turns, han, latin: the customer's; is_open: the customer had the last word
SELECT customer,
       max(spoken_at) FILTER (by_customer)                        AS written_at,
       min(days_ago) FILTER (by_customer)                         AS days_ago,
       count(*) FILTER (by_customer)                              AS turns,
       sum(han) FILTER (by_customer)                              AS han,
       sum(latin) FILTER (by_customer)                            AS latin,
       arg_max(by_customer, ROW(turn, spoken_at, by_customer))    AS is_open
FROM turns
GROUP BY customer, dialogue_id
HAVING bool_or(by_customer)
