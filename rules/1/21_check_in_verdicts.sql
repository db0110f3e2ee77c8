-- One verdict for each check-in: faults of its own first, then the daily limit, then once for each user, access
-- point and epoch, then how many users without history an access point takes: keys cost nothing, and whoever makes ten thousand
-- of them leaves nothing of its week to others. Only check-ins without a fault count; and one beyond the daily limit does not keep a
-- later one out.
WITH daily AS (
    SELECT
        n,
        user_id,
        device,
        observed_at_ms / 86400000 AS day,
        CAST(ROW_NUMBER() OVER (PARTITION BY user_id, device, observed_at_ms / 86400000 ORDER BY n) AS BIGINT) AS same_day
    FROM check_in_facts
    WHERE fault IS NULL
),
counted AS (
    SELECT
        n,
        user_id,
        device,
        CAST(ROW_NUMBER() OVER (PARTITION BY user_id, day ORDER BY n) AS BIGINT) AS of_the_day
    FROM daily
    WHERE same_day = 1
),
visits AS (
    SELECT
        n,
        user_id,
        device,
        CAST(ROW_NUMBER() OVER (PARTITION BY user_id, device ORDER BY n) AS BIGINT) AS visit
    FROM counted
    WHERE of_the_day <= $check_in_access_points_per_day_max
),
newcomers AS (
    SELECT
        v.n,
        CAST(ROW_NUMBER() OVER (PARTITION BY v.device ORDER BY v.n) AS BIGINT) AS newcomer
    FROM visits AS v
    LEFT JOIN users AS u ON u.user_id = v.user_id
    WHERE v.visit = 1 AND COALESCE(u.accepted, 0) < $check_in_trust_known_after
)
SELECT
    f.n,
    f.user_id,
    f.device,
    f.lat_e7,
    f.lon_e7,
    f.observed_at_ms,
    f.fault,
    w.newcomer,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN d.same_day > 1 OR v.visit > 1 THEN $reason_duplicate
        WHEN c.of_the_day > $check_in_access_points_per_day_max THEN $reason_cap_user
        WHEN w.newcomer > $check_in_newcomers_max THEN $reason_cap_device
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_attest_fail AND f.challenge_age_ms NOT BETWEEN 0 AND $check_in_challenge_age_max_ms THEN f.challenge_age_ms
        WHEN f.fault = $reason_attest_fail THEN f.session_secs
        WHEN f.fault = $reason_low_trust THEN f.overlap_permille
        WHEN f.fault = $reason_cluster THEN f.registration
        WHEN f.fault = $reason_impossible_speed THEN f.speed_m_per_h
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN d.same_day > 1 OR v.visit > 1 THEN GREATEST(d.same_day, COALESCE(v.visit, 1))
        WHEN c.of_the_day > $check_in_access_points_per_day_max THEN c.of_the_day
        WHEN w.newcomer > $check_in_newcomers_max THEN w.newcomer
    END AS found,
    CASE
        WHEN f.fault = $reason_attest_fail AND f.challenge_age_ms NOT BETWEEN 0 AND $check_in_challenge_age_max_ms THEN $check_in_challenge_age_max_ms
        WHEN f.fault = $reason_attest_fail THEN $check_in_session_min_secs
        WHEN f.fault = $reason_low_trust THEN $check_in_overlap_min_permille
        WHEN f.fault = $reason_cluster THEN 1
        WHEN f.fault = $reason_impossible_speed THEN $check_in_speed_max_m_per_h
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN d.same_day > 1 OR v.visit > 1 THEN 1
        WHEN c.of_the_day > $check_in_access_points_per_day_max THEN $check_in_access_points_per_day_max
        WHEN w.newcomer > $check_in_newcomers_max THEN $check_in_newcomers_max
    END AS bound
FROM check_in_facts AS f
LEFT JOIN daily AS d ON d.n = f.n
LEFT JOIN counted AS c ON c.n = f.n
LEFT JOIN visits AS v ON v.n = f.n
LEFT JOIN newcomers AS w ON w.n = f.n
