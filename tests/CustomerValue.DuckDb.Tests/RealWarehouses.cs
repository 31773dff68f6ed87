using CustomerValue.Testing;

namespace CustomerValue.Tests;

/// <summary>Real data sets as warehouses, following the measuring protocol.</summary>
internal static class RealWarehouses
{
    /// <summary>Online Retail II: both files without their overlap, known customers, products only, no adjustments.</summary>
    public static TestWarehouse OnlineRetail(int partitions = 16) => new($"""
        CREATE TABLE purchases AS
        WITH lines AS (
            SELECT Invoice AS invoice, StockCode AS code, Description AS text, Quantity AS quantity, InvoiceDate AS placed, Price AS price, "Customer ID" AS customer
            FROM read_csv('{RealData.Need("online_retail_ii/online_retail_II_2009-2010.csv.gz")}', all_varchar = true)
            WHERE InvoiceDate < '2010-12-01'
            UNION ALL
            SELECT InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID
            FROM read_csv('{RealData.Need("online_retail_ii/Online_Retail_2010-2011.csv.gz")}', all_varchar = true))
        SELECT customer AS customer_id, invoice AS order_id, CAST(placed AS TIMESTAMP) AS purchased_at, code AS product_id, text AS description, '' AS category,
               CAST(quantity AS DECIMAL(18,3)) AS quantity, CAST(price AS DECIMAL(18,4)) AS unit_price,
               CAST(CAST(quantity AS DECIMAL(12,0)) * CAST(price AS DECIMAL(14,4)) AS DECIMAL(18,4)) AS amount, 'GBP' AS currency, invoice LIKE 'C%' AS is_return
        FROM lines
        WHERE customer <> '' AND regexp_matches(code, '^[0-9]{"{5}"}') AND invoice NOT LIKE 'A%';
        """, partitions);

    /// <summary>The CDNOW sample, 2,357 customers.</summary>
    public static TestWarehouse Cdnow(int partitions = 4) => new($"""
        CREATE TABLE purchases AS
        WITH lines AS (
            SELECT regexp_split_to_array(trim(line), '\s+') AS f, row_number() OVER () AS n
            FROM read_csv('{RealData.Need("cdnow/CDNOW_sample.txt.gz")}', columns = {"{'line': 'VARCHAR'}"}, header = false, delim = '\t'))
        SELECT printf('%04d', CAST(f[2] AS INTEGER)) AS customer_id, 'o' || n AS order_id, CAST(strptime(f[3], '%Y%m%d') AS TIMESTAMP) AS purchased_at,
               'cd' AS product_id, '' AS description, '' AS category, CAST(f[4] AS DECIMAL(18,3)) AS quantity,
               CAST(0 AS DECIMAL(18,4)) AS unit_price, CAST(f[5] AS DECIMAL(18,4)) AS amount, 'USD' AS currency, false AS is_return
        FROM lines;
        """, partitions);
}
