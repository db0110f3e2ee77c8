-- One verdict for each metric, and what an accepted one is worth: floor(quantity × rate × quality).
--
-- A stream that nobody else samples is a stream that could be invented: without second sources for the part of its good rows
-- that its terms require, none of them is paid. No terms go below the part that the ruleset requires of every stream.
WITH sampled AS (
    SELECT
        f.stream,
        SUM(f.second_source) * 1000 / COUNT(*) AS second_permille,
        GREATEST(MAX(s.second_source_permille), $metric_second_source_min_permille) AS required_permille
    FROM metric_facts AS f
    JOIN streams AS s ON s.stream = f.stream
    WHERE f.fault IS NULL
    GROUP BY f.stream
)
SELECT
    f.n,
    f.owner,
    f.stream,
    f.device,
    f.hour,
    f.counter,
    f.fault,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN s.second_permille < s.required_permille THEN $reason_low_trust
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_cluster THEN f.registration
        WHEN f.fault = $reason_qos_fail THEN f.quality_permille
        WHEN f.fault = $reason_cap_device THEN COALESCE(f.of_day, f.quantity)
        WHEN f.fault = $reason_duplicate THEN f.of_hour
        WHEN f.fault = $reason_replay_seq THEN f.counter
        WHEN f.fault = $reason_late THEN (f.observed_at_ms / 3600000 - f.hour) * 3600000
        WHEN f.fault = $reason_future THEN (f.hour - f.observed_at_ms / 3600000) * 3600000
        WHEN f.fault IS NULL AND s.second_permille < s.required_permille THEN s.second_permille
    END AS found,
    CASE
        WHEN f.fault = $reason_cluster THEN 1
        WHEN f.fault = $reason_qos_fail THEN $metric_quality_min_permille
        WHEN f.fault = $reason_cap_device THEN f.daily_ceiling
        WHEN f.fault = $reason_duplicate THEN 1
        WHEN f.fault = $reason_replay_seq THEN f.read_before
        WHEN f.fault = $reason_late THEN (f.observed_at_ms / 3600000 - $epoch_start_hour) * 3600000
        WHEN f.fault = $reason_future THEN 0
        WHEN f.fault IS NULL AND s.second_permille < s.required_permille THEN s.required_permille
    END AS bound,
    -- A good row is within its ceiling; bounded here too, so that no claim, however large, can overflow the run.
    LEAST(f.quantity, f.daily_ceiling) * f.rate_milli_points AS base,
    f.quality_permille AS share,
    1000 AS whole
FROM metric_facts AS f
LEFT JOIN sampled AS s ON s.stream = f.stream
