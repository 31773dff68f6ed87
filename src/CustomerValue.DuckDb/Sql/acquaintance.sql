-- acquaintance.sql: how the shop came to know a customer, bought or not: what tells the sentinels of the other sets from values.
-- in:   population(customer, customer_id, cutoff), purchases(customer_id, purchased_at, is_return), browsing_events(customer_id, occurred_at), reviews(customer_id, reviewed_at),
--       dialogue_turns(customer_id, spoken_at), campaign_contacts(customer_id, contacted_at)
-- out:  one row per customer
-- rule: nothing dated on or after the customer's cutoff is read
WITH known AS (
    SELECT customer_id, 'order' AS way, purchased_at AS moment FROM purchases WHERE NOT is_return
    UNION ALL SELECT customer_id, 'return', purchased_at FROM purchases WHERE is_return
    UNION ALL SELECT customer_id, 'visit', occurred_at FROM browsing_events
    UNION ALL SELECT customer_id, 'review', reviewed_at FROM reviews
    UNION ALL SELECT customer_id, 'chat', spoken_at FROM dialogue_turns
    UNION ALL SELECT customer_id, 'contact', contacted_at FROM campaign_contacts),
summed AS (
    SELECT customer, bool_or(way = 'order') AS ordered, bool_or(way = 'review') AS reviewed, bool_or(way = 'chat') AS chatted,
           CAST(max(cutoff) - CAST(min(moment) AS DATE) AS INTEGER) AS first, CAST(max(cutoff) - CAST(max(moment) AS DATE) AS INTEGER) AS last
    FROM known JOIN population USING (customer_id)
    WHERE moment < cutoff GROUP BY customer)
SELECT customer,
       CAST(ordered AS INTEGER)  AS has_ordered,  -- [flag] 1 when an order is known: of customers without one, what tells of orders is a sentinel
       CAST(reviewed AS INTEGER) AS has_reviewed, -- [flag] 1 when a review is known
       CAST(chatted AS INTEGER)  AS has_chatted,  -- [flag] 1 when a service chat is known
       first                     AS days_known,   -- [days] From the first day on which anything of the customer is recorded to the cutoff
       last                      AS days_silent   -- [days] From the last day on which anything of the customer is recorded to the cutoff
FROM summed
