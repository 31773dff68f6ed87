-- gaps.sql: the rhythm of a customer's purchases, and how unusual the present silence is.
-- in:   population(customer), days(customer, days_ago)
-- out:  one row per customer; a gap runs from one day with an order to the next, in days
WITH paired AS (
    SELECT customer, days_ago, lag(days_ago) OVER (PARTITION BY customer ORDER BY days_ago DESC) - days_ago AS gap
    FROM days),
summed AS (                                   -- whole numbers, so that the variance is exact
    SELECT customer, count(gap) AS n, sum(gap) AS total, sum(CAST(gap AS BIGINT) * gap) AS squares,
           min(gap) AS shortest, max(gap) AS longest, arg_min(gap, days_ago) AS last, min(days_ago) AS silence
    FROM paired GROUP BY customer),
measured AS (
    SELECT *, total / nullif(n, 0) AS mean, sqrt((n * squares - total * total) / (nullif(n, 0) * nullif(n - 1, 0))) AS spread
    FROM summed)
SELECT customer,
       CAST(coalesce(n, 0) > 0 AS INTEGER) AS has_gaps,             -- [flag] 1 when there were two purchases or more, so that gaps are known
       coalesce(mean, -1)               AS mean_gap_days,         -- [days] Mean gap between purchases; -1 when there is none
       coalesce(shortest, -1)           AS min_gap_days,          -- [days] Shortest gap; -1 when there is none
       coalesce(longest, -1)            AS max_gap_days,          -- [days] Longest gap; -1 when there is none
       coalesce(last, -1)               AS last_gap_days,         -- [days] Gap before the last purchase; -1 when there is none
       coalesce(spread, -1)             AS gap_spread_days,       -- [days] Standard deviation of the gaps; -1 with fewer than two
       coalesce(spread / mean, -1)      AS gap_variation,         -- [ratio] Standard deviation over mean of the gaps: 0 clockwork, 1 at random; -1 with fewer than two
       coalesce(last / mean, -1)        AS last_gap_over_mean,    -- [ratio] Last gap over the mean gap; -1 when there is none
       coalesce(silence / mean, -1)     AS silence_over_mean_gap, -- [ratio] Days since the last purchase over the mean gap; -1 when there is none
       coalesce(silence / longest, -1)  AS silence_over_max_gap   -- [ratio] Days since the last purchase over the longest gap; -1 when there is none
FROM population LEFT JOIN measured USING (customer)
