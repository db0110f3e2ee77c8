-- One verdict for each check-in at an added access point: faults of its own first, then once for each user, point and epoch, then the
-- daily limit, which such check-ins share with all others, then whether the cell has room for a point that nobody confirmed before.
WITH firsts AS (
    SELECT
        n,
        user_id,
        point_id,
        observed_at_ms / 86400000 AS day,
        CAST(ROW_NUMBER() OVER (PARTITION BY user_id, point_id ORDER BY n) AS BIGINT) AS visit
    FROM confirmation_facts
    WHERE fault IS NULL
),
visitors AS (
    SELECT user_id FROM firsts GROUP BY user_id
),
elsewhere AS (
    SELECT v.user_id, v.observed_at_ms / 86400000 AS day, COUNT(*) AS check_ins
    FROM check_in_verdicts AS v
    JOIN visitors AS w ON w.user_id = v.user_id
    WHERE v.reason = $reason_ok
    GROUP BY v.user_id, v.observed_at_ms / 86400000
),
counted AS (
    SELECT
        f.n,
        f.point_id,
        CAST(ROW_NUMBER() OVER (PARTITION BY f.user_id, f.day ORDER BY f.n) AS BIGINT) + COALESCE(e.check_ins, 0) AS of_the_day
    FROM firsts AS f
    LEFT JOIN elsewhere AS e ON e.user_id = f.user_id AND e.day = f.day
    WHERE f.visit = 1
),
entering AS (
    SELECT f.point_id, f.cell, MIN(f.n) AS first_n
    FROM confirmation_facts AS f
    JOIN counted AS c ON c.n = f.n
    WHERE c.of_the_day <= $check_in_access_points_per_day_max AND f.confirmed_hour IS NULL
    GROUP BY f.point_id, f.cell
),
standing AS (
    SELECT cell, COUNT(*) AS points
    FROM added
    WHERE confirmed_hour IS NOT NULL
    GROUP BY cell
),
placed AS (
    SELECT
        e.point_id,
        CAST(ROW_NUMBER() OVER (PARTITION BY e.cell ORDER BY e.first_n) AS BIGINT) + COALESCE(s.points, 0) AS of_cell
    FROM entering AS e
    LEFT JOIN standing AS s ON s.cell = e.cell
)
SELECT
    f.n,
    f.user_id,
    f.point_id,
    f.adder_id,
    f.observed_at_ms,
    f.confirmed_hour,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN v.visit > 1 THEN $reason_duplicate
        WHEN c.of_the_day > $check_in_access_points_per_day_max THEN $reason_cap_user
        WHEN p.of_cell > $add_points_of_cell_max THEN $reason_cap_cell
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_attest_fail AND f.challenge_age_ms NOT BETWEEN 0 AND $check_in_challenge_age_max_ms THEN f.challenge_age_ms
        WHEN f.fault = $reason_attest_fail THEN f.session_secs
        WHEN f.fault = $reason_low_trust AND f.overlap_permille < $check_in_overlap_min_permille THEN f.overlap_permille
        WHEN f.fault = $reason_low_trust THEN f.accepted
        WHEN f.fault = $reason_impossible_speed THEN f.speed_m_per_h
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN v.visit > 1 THEN v.visit
        WHEN c.of_the_day > $check_in_access_points_per_day_max THEN c.of_the_day
        WHEN p.of_cell > $add_points_of_cell_max THEN p.of_cell
    END AS found,
    CASE
        WHEN f.fault = $reason_attest_fail AND f.challenge_age_ms NOT BETWEEN 0 AND $check_in_challenge_age_max_ms THEN $check_in_challenge_age_max_ms
        WHEN f.fault = $reason_attest_fail THEN $check_in_session_min_secs
        WHEN f.fault = $reason_low_trust AND f.overlap_permille < $check_in_overlap_min_permille THEN $check_in_overlap_min_permille
        WHEN f.fault = $reason_low_trust THEN $check_in_trust_known_after
        WHEN f.fault = $reason_impossible_speed THEN $check_in_speed_max_m_per_h
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN v.visit > 1 THEN 1
        WHEN c.of_the_day > $check_in_access_points_per_day_max THEN $check_in_access_points_per_day_max
        WHEN p.of_cell > $add_points_of_cell_max THEN $add_points_of_cell_max
    END AS bound
FROM confirmation_facts AS f
LEFT JOIN firsts AS v ON v.n = f.n
LEFT JOIN counted AS c ON c.n = f.n
LEFT JOIN placed AS p ON p.point_id = f.point_id
