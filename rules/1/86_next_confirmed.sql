-- What the next epoch knows of each added access point's visitors: when each last confirmed it, while that still counts, and while
-- anything is left to vest.
WITH known AS (
    SELECT point_id, user_id, hour FROM confirmed
    UNION ALL
    SELECT point_id, user_id, observed_at_ms / 3600000 AS hour FROM confirmation_verdicts WHERE reason = $reason_ok
)
SELECT
    k.point_id,
    k.user_id,
    MAX(k.hour) AS hour
FROM known AS k
JOIN next_added AS a ON a.point_id = k.point_id
WHERE k.hour > $epoch_end_hour - $add_window_hours AND a.vested_hours < $add_vesting_hours
GROUP BY k.point_id, k.user_id
ORDER BY point_id, user_id
