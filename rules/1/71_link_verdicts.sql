-- One verdict for each link: of several for one identity the first counts. A link earns nothing; what the identity was given before, and
-- earns from now on, is the wallet's.
WITH firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY identity_id ORDER BY n) AS BIGINT) AS in_line
    FROM link_facts
    WHERE fault IS NULL
)
SELECT
    f.n,
    f.wallet_id,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN l.in_line > 1 THEN $reason_duplicate
        ELSE $reason_ok
    END AS reason,
    CASE WHEN l.in_line > 1 THEN l.in_line END AS found,
    CASE WHEN l.in_line > 1 THEN 1 END AS bound
FROM link_facts AS f
LEFT JOIN firsts AS l ON l.n = f.n
