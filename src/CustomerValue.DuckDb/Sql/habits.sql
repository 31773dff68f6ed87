-- habits.sql: at which hours and on which weekdays a customer buys.
-- in:   population(customer), orders(customer, placed_at)
-- out:  one row per customer; shares and entropies are 0 for a customer without an order
-- note: entropy of the shares n/N is ln N - (sum of n ln n) / N; greatest(n, 1) lets an empty class add 0
WITH counted AS (
    SELECT customer, count(*) AS n,
           count(*) FILTER (hour(placed_at) < 6)              AS night,
           count(*) FILTER (hour(placed_at) BETWEEN 6 AND 11)  AS morning,
           count(*) FILTER (hour(placed_at) BETWEEN 12 AND 17) AS afternoon,
           count(*) FILTER (hour(placed_at) >= 18)             AS evening,
           count(*) FILTER (isodow(placed_at) = 1) AS mon, count(*) FILTER (isodow(placed_at) = 2) AS tue, count(*) FILTER (isodow(placed_at) = 3) AS wed,
           count(*) FILTER (isodow(placed_at) = 4) AS thu, count(*) FILTER (isodow(placed_at) = 5) AS fri, count(*) FILTER (isodow(placed_at) = 6) AS sat,
           count(*) FILTER (isodow(placed_at) = 7) AS sun,
           sum(hour(placed_at) * 60 + minute(placed_at)) AS minutes
    FROM orders GROUP BY customer)
SELECT customer,
       coalesce(minutes / 60.0 / n, -1)                  AS mean_hour,         -- [hours] Mean time of day of an order; -1 when there was none
       coalesce(night / n, 0)                            AS night_share,       -- [share] Share of orders placed from 0 to 6 o'clock
       coalesce(morning / n, 0)                          AS morning_share,     -- [share] Share of orders placed from 6 to 12 o'clock
       coalesce(afternoon / n, 0)                        AS afternoon_share,   -- [share] Share of orders placed from 12 to 18 o'clock
       coalesce(evening / n, 0)                          AS evening_share,     -- [share] Share of orders placed from 18 to 24 o'clock
       coalesce((sat + sun) / n, 0)                      AS weekend_share,     -- [share] Share of orders placed on Saturday or Sunday
       coalesce(greatest(mon, tue, wed, thu, fri, sat, sun) / n, 0) AS top_weekday_share, -- [share] Share of orders placed on the commonest weekday
       coalesce(ln(n) - (night * ln(greatest(night, 1)) + morning * ln(greatest(morning, 1)) + afternoon * ln(greatest(afternoon, 1))
              + evening * ln(greatest(evening, 1))) / n, 0) AS daypart_entropy,   -- [nats] Entropy of orders over the four quarters of the day
       coalesce(ln(n) - (mon * ln(greatest(mon, 1)) + tue * ln(greatest(tue, 1)) + wed * ln(greatest(wed, 1)) + thu * ln(greatest(thu, 1))
              + fri * ln(greatest(fri, 1)) + sat * ln(greatest(sat, 1)) + sun * ln(greatest(sun, 1))) / n, 0)
                                                         AS weekday_entropy    -- [nats] Entropy of orders over weekdays
FROM population LEFT JOIN counted USING (customer)
