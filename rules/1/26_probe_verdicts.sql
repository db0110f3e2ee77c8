-- One verdict for each probe. A good one pays nothing by itself: it decides what the device's beats are worth.
SELECT
    n,
    owner,
    device,
    hour / 24 AS day,
    down_kbps,
    up_kbps,
    rtt_ms,
    loss_permille,
    COALESCE(fault, $reason_ok) AS reason,
    CASE
        WHEN fault = $reason_cluster THEN registration
        WHEN fault = $reason_low_trust THEN validator_hours
        WHEN fault = $reason_duplicate THEN of_hour
    END AS found,
    CASE
        WHEN fault = $reason_cluster THEN 1
        WHEN fault = $reason_low_trust THEN $validator_age_hours
        WHEN fault = $reason_duplicate THEN 1
    END AS bound
FROM probe_facts
