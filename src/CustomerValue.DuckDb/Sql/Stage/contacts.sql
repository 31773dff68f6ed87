-- contacts.sql: campaign contacts, and the responses known by the cutoff.
-- in:   population(customer, customer_id, cutoff), campaign_contacts(customer_id, contacted_at, treatment, cost, responded_at)
-- out:  one row per contact; response_days_ago: null when there is no response yet
-- rule: nothing dated on or after the customer's cutoff is read, be it a contact or a response
SELECT customer,
       CAST(cutoff - CAST(contacted_at AS DATE) AS INTEGER)                                     AS days_ago,
       CASE WHEN responded_at < cutoff THEN CAST(cutoff - CAST(responded_at AS DATE) AS INTEGER) END AS response_days_ago,
       treatment = 'control'                                                                    AS held_out,
       cost
FROM campaign_contacts JOIN population USING (customer_id)
WHERE contacted_at < cutoff
