-- For each beat, the hour of the last accepted check-in or visit by somebody else at its device, up to the beat's hour.
--
-- A device's own word that it was used is worth nothing without one: body.contact is only believed with a visitor.
WITH visits AS (
    SELECT device, observed_at_ms / 3600000 AS hour
    FROM check_in_verdicts
    WHERE reason = $reason_ok
    UNION ALL
    SELECT device, hour
    FROM visit_verdicts
    WHERE reason = $reason_ok
    UNION ALL
    SELECT device, last_contact_hour AS hour
    FROM access_points
    WHERE last_contact_hour IS NOT NULL
),
timeline AS (
    SELECT NULL AS n, device, hour, hour AS visit_hour, 0 AS is_beat FROM visits
    UNION ALL
    SELECT n, device, hour, NULL AS visit_hour, 1 AS is_beat FROM beat_facts WHERE fault IS NULL
),
remembered AS (
    SELECT
        n,
        is_beat,
        MAX(visit_hour) OVER (
            PARTITION BY device ORDER BY hour, is_beat, n
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS visit_hour
    FROM timeline
)
SELECT n, visit_hour
FROM remembered
WHERE is_beat = 1
