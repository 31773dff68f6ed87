-- turns.sql: what was said in service chats, by the customer and by the agent.
-- in:   population(customer, customer_id, cutoff), dialogue_turns(customer_id, dialogue_id, turn, spoken_at, speaker, text)
-- out:  one row per turn that isn't blank; of a chat that goes on over the cutoff, the turns before it
--       han, latin: Chinese characters, and words in Latin letters
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer,
       dialogue_id,
       turn,
       spoken_at,
       CAST(cutoff - CAST(spoken_at AS DATE) AS INTEGER) AS days_ago,
       speaker = 'customer'                              AS by_customer,
       text,
       length(regexp_replace(text, '[^\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}]+', '', 'g')) AS han,
       len(regexp_extract_all(text, '[A-Za-z]+'))        AS latin
FROM dialogue_turns JOIN population USING (customer_id)
WHERE spoken_at < cutoff AND regexp_matches(text, '[^\p{Z}\t-\r\x{85}]')
