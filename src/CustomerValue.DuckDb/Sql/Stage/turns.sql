-- turns.sql: what was said in service chats, by the customer and by the agent.
-- in:   population(customer, customer_id, cutoff), dialogue_turns(customer_id, dialogue_id, turn, spoken_at, speaker, text)
-- out:  one row per turn that isn't blank; of a chat that goes on over the cutoff, the turns before it
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer,
       dialogue_id,
       turn,
       spoken_at,
       CAST(cutoff - CAST(spoken_at AS DATE) AS INTEGER) AS days_ago,
       speaker = 'customer'                              AS by_customer,
       text
FROM dialogue_turns JOIN population USING (customer_id)
WHERE spoken_at < cutoff AND regexp_matches(text, '[^\p{Z}\t-\r\x{85}]')
