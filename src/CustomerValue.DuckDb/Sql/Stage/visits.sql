-- visits.sql: the visits to the shop's site, their events counted.
-- in:   population(customer, customer_id, cutoff), browsing_events(customer_id, session_id, occurred_at, kind, dwell_seconds)
-- out:  one row per visit; days_ago: whole days from its first event to the cutoff; dwell in milliseconds, whole, so that sums don't depend on their order
-- rule: nothing dated on or after the customer's cutoff is read; events without a session are one visit a day
SELECT customer,
       CAST(cutoff - CAST(min(occurred_at) AS DATE) AS INTEGER) AS days_ago,
       count(*) FILTER (kind = 'view')                         AS views,
       count(*) FILTER (kind = 'cart')                         AS carts,
       count(*) FILTER (kind = 'search')                       AS searches,
       sum(CAST(round(dwell_seconds * 1000) AS BIGINT))        AS dwell
FROM browsing_events JOIN population USING (customer_id)
WHERE occurred_at < cutoff
GROUP BY customer, cutoff, session_id, CASE WHEN session_id = '' THEN CAST(occurred_at AS DATE) END
