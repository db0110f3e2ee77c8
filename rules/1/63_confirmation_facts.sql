-- What a check-in is judged by if its access point is no device of the registry: whether somebody added the point, and whether who
-- stays there is somebody else.
--
-- The adder does not confirm what he added, nor does an owner of the same machines. Users without history confirm nothing: whoever
-- adds a point that is none can make as many keys as it takes to visit it; nor do two of whom one invited the other. The cell must be that of the add: a phone's hotspot goes
-- with its owner. The journey goes over check-ins and adds too.
WITH points AS (
    SELECT point_id, adder_id, cell, lat_e7, lon_e7, confirmed_hour, -1 AS added_n FROM added
    UNION ALL
    SELECT point_id, user_id AS adder_id, cell, lat_e7, lon_e7, CAST(NULL AS BIGINT) AS confirmed_hour, n AS added_n
    FROM add_verdicts
    WHERE reason = $reason_ok
),
owners AS (
    SELECT d.owner, d.cluster FROM devices AS d GROUP BY d.owner, d.cluster
),
stays AS (
    SELECT
        c.n,
        c.user_id,
        c.subject_id AS point_id,
        c.observed_at_ms,
        c.challenge_age_ms,
        c.session_secs,
        c.overlap_permille,
        p.adder_id,
        p.cell,
        p.lat_e7,
        p.lon_e7,
        p.confirmed_hour,
        COALESCE(u.accepted, 0) AS accepted,
        CASE
            WHEN p.point_id IS NULL THEN $reason_unknown_key
            WHEN c.user_id = p.adder_id OR c.user_cluster = o.cluster THEN $reason_self_deal
            WHEN i.inviter_id = p.adder_id OR j.inviter_id = c.user_id THEN $reason_self_deal
            WHEN c.cell <> p.cell THEN $reason_bad_cell
            WHEN c.challenge_age_ms NOT BETWEEN 0 AND $check_in_challenge_age_max_ms THEN $reason_attest_fail
            WHEN c.session_secs < $check_in_session_min_secs THEN $reason_attest_fail
            WHEN c.overlap_permille < $check_in_overlap_min_permille THEN $reason_low_trust
            WHEN COALESCE(u.accepted, 0) < $check_in_trust_known_after THEN $reason_low_trust
        END AS refusal
    FROM check_ins AS c
    LEFT JOIN points AS p ON p.point_id = c.subject_id AND p.added_n < c.n
    LEFT JOIN owners AS o ON o.owner = p.adder_id
    LEFT JOIN users AS u ON u.user_id = c.user_id
    LEFT JOIN invited AS i ON i.invitee_id = c.user_id
    LEFT JOIN invited AS j ON j.invitee_id = p.adder_id
    WHERE c.device IS NULL
),
visitors AS (
    SELECT user_id FROM stays WHERE refusal IS NULL GROUP BY user_id
),
stops AS (
    SELECT n, user_id, lat_e7, lon_e7, observed_at_ms FROM stays WHERE refusal IS NULL
    UNION ALL
    SELECT f.n, f.user_id, f.lat_e7, f.lon_e7, f.observed_at_ms
    FROM check_in_facts AS f
    JOIN visitors AS w ON w.user_id = f.user_id
    WHERE f.fault IS NULL
    UNION ALL
    SELECT v.n, v.user_id, v.lat_e7, v.lon_e7, v.observed_at_ms
    FROM add_verdicts AS v
    JOIN visitors AS w ON w.user_id = v.user_id
    WHERE v.reason = $reason_ok
),
travelled AS (
    SELECT
        s.n,
        travel_speed(
            s.lat_e7, s.lon_e7, s.observed_at_ms,
            u.lat_e7, u.lon_e7, u.at_ms,
            $check_in_speed_max_m_per_h
        ) OVER (PARTITION BY s.user_id ORDER BY s.n) AS speed_m_per_h
    FROM stops AS s
    LEFT JOIN users AS u ON u.user_id = s.user_id
)
SELECT
    s.*,
    t.speed_m_per_h,
    CASE
        WHEN s.refusal IS NOT NULL THEN s.refusal
        WHEN t.speed_m_per_h > $check_in_speed_max_m_per_h THEN $reason_impossible_speed
    END AS fault
FROM stays AS s
LEFT JOIN travelled AS t ON t.n = s.n
