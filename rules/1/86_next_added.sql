-- What the next epoch knows of each added access point. What somebody confirmed is known for good, or it could be added once more; what
-- nobody confirmed in time is forgotten, and open to whoever comes next.
WITH known AS (
    SELECT point_id, adder_id, cell, lat_e7, lon_e7, added_hour, confirmed_hour, vested_hours
    FROM added
    UNION ALL
    SELECT
        point_id, user_id AS adder_id, cell, lat_e7, lon_e7,
        observed_at_ms / 3600000 AS added_hour, CAST(NULL AS BIGINT) AS confirmed_hour, 0 AS vested_hours
    FROM add_verdicts
    WHERE reason = $reason_ok
)
SELECT
    k.point_id,
    k.adder_id,
    k.cell,
    k.lat_e7,
    k.lon_e7,
    k.added_hour,
    COALESCE(k.confirmed_hour, c.confirmed_hour) AS confirmed_hour,
    COALESCE(c.vested_hours, k.vested_hours) AS vested_hours
FROM known AS k
LEFT JOIN confirmed_points AS c ON c.point_id = k.point_id
WHERE k.confirmed_hour IS NOT NULL OR c.confirmed_hour IS NOT NULL OR k.added_hour > $epoch_end_hour - $add_pending_hours
ORDER BY point_id
