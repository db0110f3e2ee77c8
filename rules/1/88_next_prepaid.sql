-- What the next epoch knows of each payer: what is left of its burns. Forgotten with the payer, whose number no other one is given.
WITH spent AS (
    SELECT payer, SUM(paid) AS units
    FROM traffic_verdicts
    WHERE reason = $reason_ok
    GROUP BY payer
),
remaining AS (
    SELECT
        f.payer,
        f.tokens - COALESCE(s.units, 0) * f.tokens_per_unit AS tokens
    FROM payer_funds AS f
    LEFT JOIN spent AS s ON s.payer = f.payer
)
SELECT
    payer,
    LEAST(tokens, $traffic_prepaid_tokens_max) AS tokens
FROM remaining
WHERE tokens > 0
ORDER BY payer
