-- population_known.sql: whose features are asked for, and up to which day: everybody whom the shop knew.
-- in:   purchases(customer_id, purchased_at), browsing_events(customer_id, occurred_at), reviews(customer_id, reviewed_at), dialogue_turns(customer_id, spoken_at),
--       campaign_contacts(customer_id, contacted_at)
-- out:  one row per customer of whom anything is recorded before $cutoff, be it a look or a letter; customer numbers them from 0 in order of customer_id
-- rule: every other relation takes its clock from here, row by row
SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer,
       customer_id,
       $cutoff                                                       AS cutoff
FROM (SELECT customer_id FROM purchases WHERE purchased_at < $cutoff
      UNION SELECT customer_id FROM browsing_events WHERE occurred_at < $cutoff
      UNION SELECT customer_id FROM reviews WHERE reviewed_at < $cutoff
      UNION SELECT customer_id FROM dialogue_turns WHERE spoken_at < $cutoff
      UNION SELECT customer_id FROM campaign_contacts WHERE contacted_at < $cutoff)
ORDER BY customer_id
