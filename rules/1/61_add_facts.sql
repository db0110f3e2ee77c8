-- What each add is judged by: whether anybody knew the access point, who says so, and the adder's journey.
--
-- Only users with history add: keys cost nothing, and a list of a city's access points could be typed in by as many as it takes. A
-- cell has room for so many points that somebody confirmed; what nobody confirmed takes no room, or squatting a cell were free. The
-- journey goes over check-ins too: who adds in one city is not paid for a stay in another.
WITH known_points AS (
    SELECT cell, COUNT(*) AS points
    FROM added
    WHERE confirmed_hour IS NOT NULL
    GROUP BY cell
),
described AS (
    SELECT
        a.n,
        a.user_id,
        a.subject_id AS point_id,
        a.observed_at_ms,
        a.cell,
        a.lat_e7,
        a.lon_e7,
        a.neighbours,
        COALESCE(u.accepted, 0) AS accepted,
        COALESCE(p.points, 0) AS points_of_cell,
        CASE
            WHEN COALESCE(cell_resolution(a.cell), -1) <> $cell_resolution OR a.cell <> a.placed_cell THEN $reason_bad_cell
            WHEN d.device IS NOT NULL OR k.point_id IS NOT NULL THEN $reason_duplicate
            WHEN COALESCE(u.accepted, 0) < $check_in_trust_known_after THEN $reason_low_trust
            WHEN a.neighbours < $add_neighbours_min THEN $reason_low_trust
            WHEN COALESCE(p.points, 0) >= $add_points_of_cell_max THEN $reason_cap_cell
        END AS refusal
    FROM adds AS a
    LEFT JOIN users AS u ON u.user_id = a.user_id
    LEFT JOIN devices AS d ON d.device = a.subject_id
    LEFT JOIN added AS k ON k.point_id = a.subject_id
    LEFT JOIN known_points AS p ON p.cell = a.cell
),
adders AS (
    SELECT user_id FROM described WHERE refusal IS NULL GROUP BY user_id
),
stops AS (
    SELECT n, user_id, lat_e7, lon_e7, observed_at_ms FROM described WHERE refusal IS NULL
    UNION ALL
    SELECT f.n, f.user_id, f.lat_e7, f.lon_e7, f.observed_at_ms
    FROM check_in_facts AS f
    JOIN adders AS w ON w.user_id = f.user_id
    WHERE f.fault IS NULL
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
    d.*,
    t.speed_m_per_h,
    CASE
        WHEN d.refusal IS NOT NULL THEN d.refusal
        WHEN t.speed_m_per_h > $check_in_speed_max_m_per_h THEN $reason_impossible_speed
    END AS fault
FROM described AS d
LEFT JOIN travelled AS t ON t.n = d.n
