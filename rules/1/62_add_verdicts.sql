-- One verdict for each add: faults of its own first, then the daily limit, then whether its scan is that of another point, then who
-- came first. An attempt counts towards the day, whatever becomes of it.
--
-- A scan that is mostly that of one other point is a copy of it with another name. It is compared with points that somebody has
-- confirmed, and with the adder's own others: what strangers only claim to have seen keeps nobody out.
WITH daily AS (
    SELECT
        n,
        user_id,
        point_id,
        CAST(ROW_NUMBER() OVER (PARTITION BY user_id, observed_at_ms / 86400000 ORDER BY n) AS BIGINT) AS of_the_day
    FROM add_facts
    WHERE fault IS NULL
),
within_the_day AS (
    SELECT n, user_id, point_id FROM daily WHERE of_the_day <= $add_points_per_day_max
),
shared_with_known AS (
    SELECT s.n, b.point_id, COUNT(*) AS shared
    FROM within_the_day AS w
    JOIN add_scans AS s ON s.n = w.n
    JOIN beside AS b ON b.neighbour_id = s.neighbour_id
    JOIN added AS k ON k.point_id = b.point_id
    WHERE k.confirmed_hour IS NOT NULL OR k.adder_id = w.user_id
    GROUP BY s.n, b.point_id
),
shared_with_own AS (
    SELECT s.n, o.n AS other, COUNT(*) AS shared
    FROM within_the_day AS w
    JOIN add_scans AS s ON s.n = w.n
    JOIN within_the_day AS x ON x.user_id = w.user_id AND x.n < w.n AND x.point_id <> w.point_id
    JOIN add_scans AS o ON o.n = x.n AND o.neighbour_id = s.neighbour_id
    GROUP BY s.n, o.n
),
resembling AS (
    SELECT n, shared FROM shared_with_known
    UNION ALL
    SELECT n, shared FROM shared_with_own
),
most_alike AS (
    SELECT n, MAX(shared) AS shared FROM resembling GROUP BY n
),
compared AS (
    SELECT
        f.n,
        f.point_id,
        COALESCE(m.shared, 0) * 1000 / GREATEST(f.neighbours, 1) AS copied_permille
    FROM add_facts AS f
    JOIN within_the_day AS w ON w.n = f.n
    LEFT JOIN most_alike AS m ON m.n = f.n
),
firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY point_id ORDER BY n) AS BIGINT) AS in_line
    FROM compared
    WHERE copied_permille < $add_copied_permille
)
SELECT
    f.n,
    f.user_id,
    f.point_id,
    f.observed_at_ms,
    f.cell,
    f.lat_e7,
    f.lon_e7,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN d.of_the_day > $add_points_per_day_max THEN $reason_cap_user
        WHEN c.copied_permille >= $add_copied_permille THEN $reason_attest_fail
        WHEN l.in_line > 1 THEN $reason_duplicate
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_low_trust AND f.accepted < $check_in_trust_known_after THEN f.accepted
        WHEN f.fault = $reason_low_trust THEN f.neighbours
        WHEN f.fault = $reason_cap_cell THEN f.points_of_cell
        WHEN f.fault = $reason_impossible_speed THEN f.speed_m_per_h
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN d.of_the_day > $add_points_per_day_max THEN d.of_the_day
        WHEN c.copied_permille >= $add_copied_permille THEN c.copied_permille
        WHEN l.in_line > 1 THEN l.in_line
    END AS found,
    CASE
        WHEN f.fault = $reason_low_trust AND f.accepted < $check_in_trust_known_after THEN $check_in_trust_known_after
        WHEN f.fault = $reason_low_trust THEN $add_neighbours_min
        WHEN f.fault = $reason_cap_cell THEN $add_points_of_cell_max
        WHEN f.fault = $reason_impossible_speed THEN $check_in_speed_max_m_per_h
        WHEN f.fault IS NOT NULL THEN NULL
        WHEN d.of_the_day > $add_points_per_day_max THEN $add_points_per_day_max
        WHEN c.copied_permille >= $add_copied_permille THEN $add_copied_permille
        WHEN l.in_line > 1 THEN 1
    END AS bound
FROM add_facts AS f
LEFT JOIN daily AS d ON d.n = f.n
LEFT JOIN compared AS c ON c.n = f.n
LEFT JOIN firsts AS l ON l.n = f.n
