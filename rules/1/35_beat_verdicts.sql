-- One verdict for each beat, and what an accepted one is worth:
--
--   pay = floor(1,000 × quality × location × contact × multiplier × cell × owner),  each factor in thousandths
WITH factors AS (
    SELECT
        f.n,
        CASE WHEN f.away_m <= $beat_near_m THEN $beat_near_permille ELSE $beat_far_permille END AS location_permille,
        CASE
            WHEN f.contact = 1 AND c.visit_hour > f.hour - $beat_contact_hours THEN $beat_contact_permille
            ELSE $beat_no_contact_permille
        END AS contact_permille,
        LEAST(d.multiplier_permille, $beat_multiplier_max_permille) AS multiplier_permille
    FROM beat_facts AS f
    JOIN devices AS d ON d.device = f.device
    LEFT JOIN contacts AS c ON c.n = f.n
    WHERE f.fault IS NULL
)
SELECT
    f.n,
    f.owner,
    COALESCE(f.fault, l.refusal, $reason_ok) AS reason,
    CASE
        WHEN f.fault = $reason_cluster THEN f.registration
        WHEN f.fault = $reason_too_far THEN f.away_m
        WHEN f.fault = $reason_duplicate THEN f.beat_of_hour
        WHEN f.fault = $reason_low_trust THEN f.hour - f.moved_hour
        WHEN f.fault = $reason_qos_fail THEN f.quality_permille
        WHEN f.fault IN ($reason_late, $reason_future) THEN 3600000 * GREATEST(f.hour - f.observed_at_ms / 3600000, f.observed_at_ms / 3600000 - f.hour)
        WHEN f.fault IS NULL THEN l.found
    END AS found,
    CASE
        WHEN f.fault = $reason_cluster THEN 1
        WHEN f.fault = $reason_too_far THEN $beat_far_m
        WHEN f.fault = $reason_duplicate THEN 1
        WHEN f.fault = $reason_low_trust THEN $beat_relocation_hours
        WHEN f.fault = $reason_qos_fail THEN $quality_tier_4_permille
        WHEN f.fault IN ($reason_late, $reason_future) THEN 0
        WHEN f.fault IS NULL THEN l.bound
    END AS bound,
    $beat_milli_points AS base,
    f.quality_permille * x.location_permille * x.contact_permille * x.multiplier_permille
        * l.cell_permille * l.owner_permille AS share,
    1000 * 1000 * 1000 * 1000 * 1000 * 1000 AS whole
FROM beat_facts AS f
LEFT JOIN factors AS x ON x.n = f.n
LEFT JOIN device_limits AS l ON l.device = f.device
