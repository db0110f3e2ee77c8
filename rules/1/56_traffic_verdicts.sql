-- One verdict for each session, and what it pays: so much for each unit that its payer burned for.
--
--   pay = floor(units × a unit's points × paid units / units)
SELECT
    f.n,
    f.owner,
    f.device,
    f.payer,
    f.session_id,
    f.hour,
    f.fault,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN f.units > 0 AND p.counted = 0 THEN $reason_cap_user
        WHEN f.units > 0 AND p.funds = 0 THEN $reason_unpaid
        WHEN f.units > 0 AND p.paid = 0 THEN $reason_no_payer_funds
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_late THEN $epoch_start_hour * 3600000 - f.started_at_ms
        WHEN f.fault = $reason_future THEN f.started_at_ms - f.observed_at_ms
        WHEN f.fault = $reason_cluster THEN f.registration
        WHEN f.fault = $reason_duplicate AND f.of_number > 1 THEN f.of_number
        WHEN f.fault = $reason_duplicate THEN f.hours_since
        WHEN f.fault IS NOT NULL OR f.units = 0 THEN NULL
        WHEN p.counted = 0 THEN p.of_subscriber
        WHEN p.funds = 0 THEN NULL
        WHEN p.paid = 0 THEN p.of_payer
    END AS found,
    CASE
        WHEN f.fault IN ($reason_late, $reason_future) THEN 0
        WHEN f.fault = $reason_cluster THEN 1
        WHEN f.fault = $reason_duplicate AND f.of_number > 1 THEN 1
        WHEN f.fault = $reason_duplicate THEN $traffic_number_hours
        WHEN f.fault IS NOT NULL OR f.units = 0 THEN NULL
        WHEN p.counted = 0 THEN p.most
        WHEN p.funds = 0 THEN NULL
        WHEN p.paid = 0 THEN p.funds
    END AS bound,
    COALESCE(p.paid, 0) AS paid,
    f.units * $pot_traffic_unit_milli_points AS base,
    COALESCE(p.paid, 0) AS share,
    GREATEST(f.units, 1) AS whole
FROM traffic_facts AS f
LEFT JOIN traffic_pay AS p ON p.n = f.n
