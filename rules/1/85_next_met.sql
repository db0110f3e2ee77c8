-- What the next epoch knows of each pair of validator and device: when they last met, while that can still refuse a visit.
WITH known AS (
    SELECT validator_id, device, hour FROM met
    UNION ALL
    SELECT validator_id, device, hour FROM visit_verdicts WHERE fault IS NULL OR fault = $reason_duplicate
)
SELECT
    validator_id,
    device,
    MAX(hour) AS hour
FROM known
WHERE hour > $epoch_end_hour - $visit_pair_hours
GROUP BY validator_id, device
ORDER BY validator_id, device
