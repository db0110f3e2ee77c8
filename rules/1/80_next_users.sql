-- What the next epoch knows of each user: the last plausible place, and how many check-ins were ever accepted. Of whom none
-- was, nothing: keys cost nothing, and a row would be kept for life.
WITH places AS (
    SELECT
        user_id,
        lat_e7,
        lon_e7,
        observed_at_ms,
        CAST(ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY n DESC) AS BIGINT) AS from_last
    FROM check_in_verdicts
    WHERE fault IS NULL
),
counts AS (
    SELECT
        user_id,
        SUM(CASE WHEN reason = $reason_ok THEN 1 ELSE 0 END) AS accepted
    FROM check_in_verdicts
    WHERE fault IS NULL
    GROUP BY user_id
),
seen AS (
    SELECT
        p.user_id,
        p.lat_e7,
        p.lon_e7,
        p.observed_at_ms AS at_ms,
        c.accepted
    FROM places AS p
    JOIN counts AS c ON c.user_id = p.user_id
    WHERE p.from_last = 1
)
SELECT
    COALESCE(s.user_id, u.user_id) AS user_id,
    COALESCE(s.lat_e7, u.lat_e7) AS lat_e7,
    COALESCE(s.lon_e7, u.lon_e7) AS lon_e7,
    COALESCE(s.at_ms, u.at_ms) AS at_ms,
    COALESCE(s.accepted, 0) + COALESCE(u.accepted, 0) AS accepted
FROM users AS u
FULL JOIN seen AS s ON s.user_id = u.user_id
WHERE COALESCE(s.accepted, 0) + COALESCE(u.accepted, 0) > 0
ORDER BY user_id
