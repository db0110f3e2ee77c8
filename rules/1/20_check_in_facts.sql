-- What each check-in is judged by: the access point, its owner, the user's journey.
--
-- The journey counts from the last plausible place: travel_speed does not let a refused teleport move the user, so a
-- false claim can not make the honest ones after it look impossible.
WITH visited AS (
    SELECT
        c.*,
        d.owner,
        d.cluster,
        d.lat_e7,
        d.lon_e7,
        d.cell AS access_point_cell,
        h.registration
    FROM check_ins AS c
    JOIN devices AS d ON d.device = c.device
    JOIN hardware AS h ON h.device = c.device
),
judged AS (
    SELECT
        v.*,
        CASE
            WHEN v.lat_e7 IS NULL THEN $reason_not_asserted
            WHEN COALESCE(cell_resolution(v.cell), -1) <> $cell_resolution THEN $reason_bad_cell
            WHEN v.access_point_cell <> 0 AND v.cell <> v.access_point_cell THEN $reason_bad_cell
            WHEN v.user_id IN (v.owner, v.device) OR v.user_cluster = v.cluster THEN $reason_self_deal
            WHEN v.registration > 1 THEN $reason_cluster
            WHEN v.challenge_age_ms NOT BETWEEN 0 AND $check_in_challenge_age_max_ms THEN $reason_attest_fail
            WHEN v.session_secs < $check_in_session_min_secs THEN $reason_attest_fail
            WHEN v.overlap_permille < $check_in_overlap_min_permille THEN $reason_low_trust
        END AS refusal
    FROM visited AS v
),
travelled AS (
    SELECT
        j.n,
        travel_speed(
            j.lat_e7, j.lon_e7, j.observed_at_ms,
            u.lat_e7, u.lon_e7, u.at_ms,
            $check_in_speed_max_m_per_h
        ) OVER (PARTITION BY j.user_id ORDER BY j.n) AS speed_m_per_h
    FROM judged AS j
    LEFT JOIN users AS u ON u.user_id = j.user_id
    WHERE j.refusal IS NULL
)
SELECT
    j.*,
    t.speed_m_per_h,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN t.speed_m_per_h > $check_in_speed_max_m_per_h THEN $reason_impossible_speed
    END AS fault
FROM judged AS j
LEFT JOIN travelled AS t ON t.n = j.n
