-- What the next epoch knows of adjustments: what was made good, for ever.
SELECT adjusted_id FROM adjusted
UNION ALL
SELECT adjusted_id FROM adjust_verdicts WHERE reason = $reason_ok
ORDER BY adjusted_id
