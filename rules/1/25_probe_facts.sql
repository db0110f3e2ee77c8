-- What each probe is judged by: a device is measured once an hour by each validator.
WITH firsts AS (
    SELECT
        m.n,
        CAST(ROW_NUMBER() OVER (PARTITION BY m.device, m.validator_id, m.hour ORDER BY m.n) AS BIGINT) AS of_hour
    FROM probes AS p
    JOIN meetings AS m ON m.n = p.n
    WHERE m.refusal IS NULL
)
SELECT
    m.*,
    p.down_kbps,
    p.up_kbps,
    p.rtt_ms,
    p.loss_permille,
    f.of_hour,
    CASE
        WHEN m.refusal IS NOT NULL THEN m.refusal
        WHEN f.of_hour > 1 THEN $reason_duplicate
    END AS fault
FROM probes AS p
JOIN meetings AS m ON m.n = p.n
LEFT JOIN firsts AS f ON f.n = p.n
