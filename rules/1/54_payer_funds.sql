-- What each payer can pay for: what it burned in the epoch's period, and what was left of earlier burns, in units of traffic.
SELECT
    p.payer,
    p.tokens_per_unit,
    p.burned + COALESCE(m.tokens, 0) AS tokens,
    (p.burned + COALESCE(m.tokens, 0)) / p.tokens_per_unit AS units
FROM payers AS p
LEFT JOIN prepaid AS m ON m.payer = p.payer
