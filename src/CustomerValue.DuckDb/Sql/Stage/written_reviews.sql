-- written_reviews.sql: what each customer wrote about products.
-- in:   population(customer, customer_id, cutoff), reviews(customer_id, reviewed_at, stars, text)
-- out:  one row per review; days_ago: whole days from its day to the cutoff, 1 for the day before it; stars: null where none were given; has_words: not blank
--       han, latin: Chinese characters, and words in Latin letters
-- rule: nothing dated on or after the customer's cutoff is read
SELECT customer,
       reviewed_at,
       CAST(cutoff - CAST(reviewed_at AS DATE) AS INTEGER) AS days_ago,
       CASE WHEN stars BETWEEN 1 AND 5 THEN stars END      AS stars,
       text,
       regexp_matches(text, '[^\p{Z}\t-\r\x{85}]')         AS has_words,
       length(regexp_replace(text, '[^\x{3400}-\x{4DBF}\x{4E00}-\x{9FFF}]+', '', 'g')) AS han,
       len(regexp_extract_all(text, '[A-Za-z]+'))          AS latin
FROM reviews JOIN population USING (customer_id)
WHERE reviewed_at < cutoff
