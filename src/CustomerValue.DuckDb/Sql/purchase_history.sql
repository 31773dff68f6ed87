-- purchase_history.sql: what each customer had bought by the cutoff, in the quantities of the purchase models.
-- in:   days(customer, days_ago, spend)
-- out:  one row per customer, times in weeks
-- note: a purchase is a day with an order. Returns are no purchases and lower no mean. Fader, Hardie and Lee (2005).
SELECT customer,
       count(*) - 1                          AS frequency,     -- [purchases] Repeat purchases x: days with an order, the first left out
       (max(days_ago) - min(days_ago)) / 7.0 AS recency_weeks, -- [weeks] t_x: from the first purchase to the last; 0 when there was one purchase
       (max(days_ago) - 1) / 7.0             AS age_weeks,     -- [weeks] T: from the first purchase to the day before the cutoff
       sum(spend) / count(*)                 AS mean_spend,    -- [currency] Mean spend of a purchase, the first included
       coalesce((sum(spend) - arg_max(spend, days_ago)) / nullif(count(*) - 1, 0), 0)
                                             AS mean_repeat_spend -- [currency] Mean spend of the repeat purchases; 0 when there was one purchase
FROM days
GROUP BY customer
