-- texts.sql: what each customer wrote: reviews with words, and their own part of chats.
-- in:   written_reviews(customer, reviewed_at, days_ago, has_words, han, latin), chats(customer, written_at, days_ago, han, latin)
-- out:  one row per text; thirds: three times its words, a Chinese character counting two thirds of one
-- note: a text is Chinese or English by which of the two gives it more words; of neither it is neither
SELECT customer, written_at, days_ago, is_review, 2 * han + 3 * latin AS thirds, han > 0 AND 2 * han >= 3 * latin AS is_chinese, 3 * latin > 2 * han AS is_english
FROM (SELECT customer, reviewed_at AS written_at, days_ago, true AS is_review, han, latin FROM written_reviews WHERE has_words
      UNION ALL
      SELECT customer, written_at, days_ago, false, han, latin FROM chats)
