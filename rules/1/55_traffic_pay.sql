-- How much of each session its payer's burns reach for: first come, first served, and the last one in part. A burn is spent once.
WITH running AS (
    SELECT
        n,
        SUM(counted) OVER (
            PARTITION BY payer ORDER BY n
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS of_payer
    FROM traffic_shares
)
SELECT
    s.n,
    s.payer,
    s.units,
    s.counted,
    s.of_subscriber,
    s.most,
    r.of_payer,
    f.units AS funds,
    GREATEST(LEAST(s.counted, f.units - (r.of_payer - s.counted)), 0) AS paid
FROM traffic_shares AS s
JOIN running AS r ON r.n = s.n
JOIN payer_funds AS f ON f.payer = s.payer
