-- writing.sql: how much, how often and in which language a customer writes, with how many stars, and how soon service answers. No model reads the words.
-- in:   population(customer), days(customer, days_ago), written_reviews(customer, reviewed_at, days_ago, stars),
--       turns(customer, dialogue_id, turn, spoken_at, by_customer), chats(customer, written_at, days_ago, turns, is_open),
--       texts(customer, written_at, days_ago, is_review, thirds, is_chinese, is_english)
-- out:  one row per customer; a text is a review with words, or what the customer said in a chat; a window of n days ends the day before the cutoff
WITH bought AS (
    SELECT customer, min(days_ago) AS last, count(*) AS days
    FROM days GROUP BY customer),
wrote AS (
    SELECT texts.customer, count(*) AS texts, count(*) FILTER (days_ago <= 30) AS texts_30, count(*) FILTER (days_ago <= 90) AS texts_90,
           count(*) FILTER (days_ago <= 180) AS texts_180, count(*) FILTER (days_ago <= 365) AS texts_365, min(days_ago) AS last,
           sum(thirds) AS thirds, arg_max(thirds, ROW(written_at, thirds)) AS last_thirds, count(*) FILTER (is_chinese) AS chinese, count(*) FILTER (is_english) AS english,
           count(*) FILTER (days_ago < coalesce(bought.last, 1000000)) AS since
    FROM texts LEFT JOIN bought USING (customer) GROUP BY texts.customer),
rated AS (
    SELECT written_reviews.customer, count(*) AS reviews, count(*) FILTER (days_ago <= 90) AS reviews_90, min(days_ago) AS last, avg(stars) AS stars,
           avg(stars) FILTER (days_ago <= 90) AS stars_90, arg_max(stars, ROW(reviewed_at, -stars)) FILTER (stars IS NOT NULL) AS last_stars,
           count(*) FILTER (stars <= 2) AS low, count(*) FILTER (stars <= 2 AND days_ago <= 90) AS low_90, count(stars) AS starred,
           count(*) FILTER (stars <= 2 AND days_ago < coalesce(bought.last, 1000000)) AS low_since
    FROM written_reviews LEFT JOIN bought USING (customer) GROUP BY written_reviews.customer),
chatted AS (
    SELECT chats.customer, count(*) AS chats, count(*) FILTER (days_ago <= 30) AS chats_30, count(*) FILTER (days_ago <= 90) AS chats_90, sum(turns) AS turns,
           sum(turns) FILTER (days_ago <= 90) AS turns_90, min(days_ago) AS last, count(*) FILTER (is_open) AS open, min(days_ago) FILTER (is_open) AS last_open,
           arg_max(is_open, ROW(written_at, is_open)) AS last_is_open, count(*) FILTER (days_ago < coalesce(bought.last, 1000000)) AS since
    FROM chats LEFT JOIN bought USING (customer) GROUP BY chats.customer),
paired AS (                                   -- whole microseconds, so that sums are exact
    SELECT customer, spoken_at, by_customer, lag(by_customer) OVER said AS after_customer, greatest(epoch_us(spoken_at) - lag(epoch_us(spoken_at)) OVER said, 0) AS waited
    FROM turns WINDOW said AS (PARTITION BY customer, dialogue_id ORDER BY turn, spoken_at, by_customer)),
replied AS (
    SELECT customer, count(*) AS replies, sum(waited) AS waited, arg_max(waited, ROW(spoken_at, waited)) AS last
    FROM paired WHERE after_customer AND NOT by_customer GROUP BY customer)
SELECT customer,
       CAST(texts IS NOT NULL AS INTEGER)                              AS has_written,            -- [flag] 1 when the customer wrote a review with words, or in a chat
       coalesce(texts, 0)                                              AS texts,                  -- [texts] Reviews with words and chats so far
       coalesce(texts_30, 0)                                           AS texts_30,               -- [texts] Reviews with words and chats in the last 30 days
       coalesce(texts_90, 0)                                           AS texts_90,               -- [texts] Reviews with words and chats in the last 90 days
       coalesce(texts_365, 0)                                          AS texts_365,              -- [texts] Reviews with words and chats in the last 365 days
       coalesce((2 * texts_90 - texts_180) / nullif(texts_180, 0), 0)  AS texts_change_90,        -- [ratio] Texts of the last 90 days against the 90 before, from -1 to 1
       coalesce(wrote.last, -1)                                        AS days_since_last_text,   -- [days] From the last text to the cutoff; -1 when there is none
       coalesce(wrote.since, 0)                                        AS texts_since_purchase,   -- [texts] Texts after the day of the last purchase
       coalesce(thirds / 3 / texts, 0)                                 AS words_per_text,         -- [words] Mean words of a text, a Chinese character being two thirds of one; 0 when there is none
       coalesce(last_thirds / 3, 0)                                    AS last_text_words,        -- [words] Words of the last text; 0 when there is none
       coalesce(chinese / texts, 0)                                    AS chinese_share,          -- [share] Share of texts in Chinese; 0 when there is none
       coalesce(english / texts, 0)                                    AS english_share,          -- [share] Share of texts in English, or in other Latin letters; 0 when there is none
       coalesce(reviews, 0)                                            AS reviews,                -- [reviews] Reviews so far, with words or stars alone
       coalesce(reviews_90, 0)                                         AS reviews_90,             -- [reviews] Reviews in the last 90 days
       coalesce(reviews / bought.days, 0)                              AS reviews_per_purchase,   -- [ratio] Reviews over days with an order
       coalesce(rated.last, -1)                                        AS days_since_last_review, -- [days] From the last review to the cutoff; -1 when there is none
       coalesce(stars, 0)                                              AS mean_stars,             -- [stars] Mean stars, 1 to 5; 0 when none were given
       coalesce(last_stars, 0)                                         AS last_stars,             -- [stars] Stars of the last review that has any; 0 when none were given
       coalesce(stars_90 - stars, 0)                                   AS mean_stars_change,      -- [stars] Mean stars of the last 90 days less the mean of all; 0 when none were given of late
       coalesce(low / nullif(starred, 0), 0)                           AS low_stars_share,        -- [share] Share of 1 or 2 stars among those given; 0 when none were
       coalesce(low_90, 0)                                             AS low_stars_90,           -- [reviews] Reviews with 1 or 2 stars in the last 90 days
       coalesce(low_since, 0)                                          AS low_stars_since_purchase, -- [reviews] Reviews with 1 or 2 stars after the day of the last purchase
       coalesce(chats, 0)                                              AS chats,                  -- [chats] Service chats so far in which the customer said something
       coalesce(chats_30, 0)                                           AS chats_30,               -- [chats] Service chats in the last 30 days
       coalesce(chats_90, 0)                                           AS chats_90,               -- [chats] Service chats in the last 90 days
       coalesce(turns, 0)                                              AS chat_turns,             -- [turns] The customer's turns in chats so far
       coalesce(turns_90, 0)                                           AS chat_turns_90,          -- [turns] The customer's turns in chats of the last 90 days
       coalesce(turns / chats, 0)                                      AS turns_per_chat,         -- [turns] The customer's turns of a chat; 0 when there is none
       coalesce(chatted.last, -1)                                      AS days_since_last_chat,   -- [days] From the customer's last turn to the cutoff; -1 when there is none
       coalesce(chatted.since, 0)                                      AS chats_since_purchase,   -- [chats] Service chats after the day of the last purchase
       coalesce(open, 0)                                               AS chats_open,             -- [chats] Service chats in which the customer had the last word
       coalesce(open / chats, 0)                                       AS chats_open_share,       -- [share] Share of service chats in which the customer had the last word; 0 when there is none
       coalesce(last_open, -1)                                         AS days_since_open_chat,   -- [days] From the last chat in which the customer had the last word to the cutoff; -1 when there is none
       coalesce(CAST(last_is_open AS INTEGER), 0)                      AS last_chat_open,         -- [flag] 1 when the customer had the last word in the last chat
       coalesce(replied.waited / 60e6 / replies, -1)                   AS reply_minutes,          -- [minutes] Mean time from a customer's turn to the agent's next; -1 when no agent ever answered
       coalesce(replied.last / 60e6, -1)                               AS last_reply_minutes      -- [minutes] The same for the last answer; -1 when no agent ever answered
FROM population LEFT JOIN bought USING (customer) LEFT JOIN wrote USING (customer) LEFT JOIN rated USING (customer) LEFT JOIN chatted USING (customer) LEFT JOIN replied USING (customer)
