-- campaigns.sql: campaign contacts, their cost, and the responses known by the cutoff.
-- in:   population(customer), contacts(customer, days_ago, response_days_ago, held_out, cost)
-- out:  one row per customer; those held out of a campaign (treatment control) were not contacted by it
WITH summed AS (
    SELECT customer,
           count(*) FILTER (NOT held_out) AS contacts, count(*) FILTER (NOT held_out AND days_ago <= 90) AS contacts_90, count(*) FILTER (held_out) AS held_out,
           count(response_days_ago) FILTER (NOT held_out) AS responses,
           min(days_ago) FILTER (NOT held_out) AS last, min(response_days_ago) FILTER (NOT held_out) AS last_response, sum(cost) FILTER (NOT held_out) AS cost
    FROM contacts GROUP BY customer)
SELECT customer,
       CAST(coalesce(contacts, 0) > 0 AS INTEGER)        AS has_contact,              -- [flag] 1 when the customer was contacted
       coalesce(contacts, 0)                             AS contacts,                 -- [contacts] Campaign contacts so far
       coalesce(contacts_90, 0)                          AS contacts_90,              -- [contacts] Campaign contacts in the last 90 days
       coalesce(held_out, 0)                             AS campaigns_held_out,       -- [campaigns] Campaigns that the customer was held out of
       coalesce(responses, 0)                            AS responses,                -- [responses] Contacts answered, as known by the cutoff
       coalesce(responses / nullif(contacts, 0), 0)      AS response_rate,            -- [share] Responses over contacts; 0 when there were none
       coalesce(last, -1)                                AS days_since_last_contact,  -- [days] From the last contact to the cutoff; -1 when there was none
       coalesce(last_response, -1)                       AS days_since_last_response, -- [days] From the last response to the cutoff; -1 when there was none
       coalesce(cost, 0)                                 AS campaign_cost             -- [currency] What the contacts cost the shop
FROM population LEFT JOIN summed USING (customer)
