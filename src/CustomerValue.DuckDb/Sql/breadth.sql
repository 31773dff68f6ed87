-- breadth.sql: how widely a customer buys over products and categories.
-- in:   population(customer), lines(customer, product_id, category, is_return)
-- out:  one row per customer; lines without a product code, or without a category, are left out of what counts them
-- note: entropy of the shares n/N is ln N - (sum of n ln n) / N. Terms are rounded to 1e-9 and added as whole numbers, so that their order doesn't matter;
--       most are of a single line, and spared the logarithm of 1.
WITH products AS (
    SELECT customer, CAST(count(*) AS INTEGER) AS lines
    FROM lines WHERE NOT is_return AND product_id <> ''
    GROUP BY customer, product_id),
categories AS (
    SELECT customer, CAST(count(*) AS INTEGER) AS lines
    FROM lines WHERE NOT is_return AND category <> ''
    GROUP BY customer, category),
by_product AS (
    SELECT customer, count(*) AS kinds, sum(lines) AS n, max(lines) AS top, sum(CASE WHEN lines > 1 THEN CAST(round(lines * ln(lines) * 1e9) AS BIGINT) ELSE 0 END) AS n_ln_n
    FROM products GROUP BY customer),
by_category AS (
    SELECT customer, count(*) AS kinds, sum(lines) AS n, max(lines) AS top, sum(CASE WHEN lines > 1 THEN CAST(round(lines * ln(lines) * 1e9) AS BIGINT) ELSE 0 END) AS n_ln_n
    FROM categories GROUP BY customer)
SELECT customer,
       coalesce(p.kinds, 0)                         AS distinct_products,    -- [products] Different products bought; 0 when the shop's records name none
       coalesce(ln(p.n) - p.n_ln_n / 1e9 / p.n, 0)  AS product_entropy,      -- [nats] Entropy of order lines over products: 0 always the same; 0 when none is known
       coalesce(p.top / p.n, 0)                     AS top_product_share,    -- [share] Share of order lines that went to the commonest product; 0 when none is known
       coalesce(1 - p.kinds / p.n, 0)               AS product_repeat_share, -- [share] Share of order lines with a product bought before; 0 when none is known
       CAST(c.kinds IS NOT NULL AS INTEGER)         AS has_categories,       -- [flag] 1 when the category of a purchase is known
       coalesce(c.kinds, 0)                         AS distinct_categories,  -- [categories] Different categories bought from; 0 when none is known
       coalesce(ln(c.n) - c.n_ln_n / 1e9 / c.n, 0)  AS category_entropy,     -- [nats] Entropy of order lines over categories; 0 when none is known
       coalesce(c.top / c.n, 0)                     AS top_category_share    -- [share] Share of order lines that went to the commonest category; 0 when none is known
FROM population LEFT JOIN by_product AS p USING (customer) LEFT JOIN by_category AS c USING (customer)
