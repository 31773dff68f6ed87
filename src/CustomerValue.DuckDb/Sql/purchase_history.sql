-- purchase_history.sql: what each customer had bought by the cutoff, in the quantities of the purchase models.
-- in:   population(customer), days(customer, days_ago, spend)
-- out:  one row per customer, times in weeks
-- note: a customer without a purchase has a frequency of -1, which models of purchase histories refuse: they know nothing of who never bought
-- note: a purchase is a day with an order. Returns are no purchases and lower no mean. Fader, Hardie and Lee (2005).
SELECT customer,
       count(days_ago) - 1                                 AS frequency,     -- [purchases] Repeat purchases x: days with an order, the first left out; -1 when there was none
       coalesce((max(days_ago) - min(days_ago)) / 7.0, -1) AS recency_weeks, -- [weeks] t_x: from the first purchase to the last; 0 when there was one purchase, -1 when none
       coalesce((max(days_ago) - 1) / 7.0, -1)             AS age_weeks,     -- [weeks] T: from the first purchase to the day before the cutoff; -1 when there was none
       coalesce(sum(spend) / count(*), 0)                  AS mean_spend,    -- [currency] Mean spend of a purchase, the first included; 0 when there was none
       coalesce((sum(spend) - arg_max(spend, days_ago)) / nullif(count(*) - 1, 0), 0)
                                                           AS mean_repeat_spend -- [currency] Mean spend of the repeat purchases; 0 when there was one purchase, or none
FROM population LEFT JOIN days USING (customer)
GROUP BY customer
