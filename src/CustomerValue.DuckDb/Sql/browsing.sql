-- browsing.sql: visits to the shop's site, from looking to buying.
-- in:   population(customer), days(customer, days_ago), visits(customer, days_ago, views, carts, searches, dwell)
-- out:  one row per customer; a window of n days ends the day before the cutoff
-- note: a visit with a cart led to a purchase when there was an order on its day
WITH last AS (
    SELECT customer, min(days_ago) AS bought
    FROM days GROUP BY customer),
seen AS (
    SELECT visits.*, last.bought, days.customer IS NOT NULL AS on_order_day
    FROM visits LEFT JOIN last USING (customer) LEFT JOIN days USING (customer, days_ago)),
summed AS (
    SELECT customer, count(*) AS visits, min(days_ago) AS last, sum(views) AS views, sum(carts) AS carts, sum(searches) AS searches, sum(dwell) AS dwell,
           count(*) FILTER (days_ago <= 7) AS visits_7, count(*) FILTER (days_ago <= 30) AS visits_30,
           count(*) FILTER (days_ago <= 60) AS visits_60, count(*) FILTER (days_ago <= 90) AS visits_90,
           sum(views) FILTER (days_ago <= 30) AS views_30, sum(carts) FILTER (days_ago <= 30) AS carts_30, sum(searches) FILTER (days_ago <= 30) AS searches_30,
           sum(views) FILTER (days_ago <= 90) AS views_90, sum(carts) FILTER (days_ago <= 90) AS carts_90,
           count(*) FILTER (views > 0) AS with_view, count(*) FILTER (views > 0 AND carts > 0) AS with_view_and_cart,
           count(*) FILTER (carts > 0) AS with_cart, count(*) FILTER (carts > 0 AND on_order_day) AS with_cart_and_order,
           count(*) FILTER (bought IS NULL OR days_ago < bought) AS since, sum(carts) FILTER (bought IS NULL OR days_ago < bought) AS carts_since
    FROM seen GROUP BY customer)
SELECT customer,
       CAST(visits IS NOT NULL AS INTEGER)                           AS has_visited,             -- [flag] 1 when a visit is known
       coalesce(visits, 0)                                           AS visits,                  -- [visits] Visits so far
       coalesce(visits_7, 0)                                         AS visits_7,                -- [visits] Visits in the last 7 days
       coalesce(visits_30, 0)                                        AS visits_30,               -- [visits] Visits in the last 30 days
       coalesce(visits_90, 0)                                        AS visits_90,               -- [visits] Visits in the last 90 days
       coalesce(last, -1)                                            AS days_since_last_visit,   -- [days] From the day of the last visit to the cutoff; -1 when none is known
       coalesce((2 * visits_30 - visits_60) / nullif(visits_60, 0), 0) AS visits_change_30,      -- [ratio] Visits of the last 30 days against the 30 before, from -1 to 1
       coalesce(views_30, 0)                                         AS views_30,                -- [views] Product views in the last 30 days
       coalesce(views_90, 0)                                         AS views_90,                -- [views] Product views in the last 90 days
       coalesce(carts_30, 0)                                         AS carts_30,                -- [carts] Products put in the cart in the last 30 days
       coalesce(carts_90, 0)                                         AS carts_90,                -- [carts] Products put in the cart in the last 90 days
       coalesce(searches_30, 0)                                      AS searches_30,             -- [searches] Searches in the last 30 days
       coalesce(views / visits, 0)                                   AS views_per_visit,         -- [views] Product views of a visit; 0 when no visit is known
       coalesce(searches / visits, 0)                                AS searches_per_visit,      -- [searches] Searches of a visit; 0 when no visit is known
       coalesce(dwell / 60000.0 / visits, 0)                         AS minutes_per_visit,       -- [minutes] Time spent on pages of a visit; 0 when no visit is known
       coalesce(with_view_and_cart / nullif(with_view, 0), 0)        AS view_to_cart,            -- [share] Share of visits with a view that had a cart too; 0 when none is known
       coalesce(with_cart_and_order / nullif(with_cart, 0), 0)       AS cart_to_buy,             -- [share] Share of visits with a cart on whose day an order was placed; 0 when none is known
       coalesce(since, 0)                                            AS visits_since_purchase,   -- [visits] Visits after the day of the last purchase; all of them when there was none
       coalesce(carts_since, 0)                                      AS carts_since_purchase     -- [carts] Products put in the cart after the day of the last purchase; all of them when there was none
FROM population LEFT JOIN summed USING (customer)
