-- What this epoch's confirmations come to for each added point, and what its adder earns by them.
--
--   at the first one   10 points
--   then               40 points over 720 hours, those of epochs at whose end three users have confirmed within 30 days
--
-- Hours vest and not visits: who comes more often makes nothing vest sooner, and points that nobody goes to any more vest no
-- further. Rounded down over all hours vested so far, so that the parts add up to 40 points exactly.
WITH seen AS (
    SELECT point_id, user_id, observed_at_ms / 3600000 AS hour
    FROM confirmation_verdicts
    WHERE reason = $reason_ok
    UNION ALL
    SELECT point_id, user_id, hour
    FROM confirmed
    WHERE hour > $epoch_end_hour - $add_window_hours
),
by_user AS (
    SELECT point_id, user_id FROM seen GROUP BY point_id, user_id
),
crowds AS (
    SELECT point_id, COUNT(*) AS users FROM by_user GROUP BY point_id
),
epochs_own AS (
    SELECT
        point_id,
        MIN(n) AS first_n,
        MIN(observed_at_ms) / 3600000 AS first_hour,
        MIN(confirmed_hour) AS confirmed_hour
    FROM confirmation_verdicts
    WHERE reason = $reason_ok
    GROUP BY point_id
),
dated AS (
    SELECT
        e.point_id,
        e.first_n,
        CASE WHEN e.confirmed_hour IS NULL THEN 1 ELSE 0 END AS is_new,
        COALESCE(e.confirmed_hour, e.first_hour) AS confirmed_hour,
        COALESCE(a.vested_hours, 0) AS vested_before,
        c.users
    FROM epochs_own AS e
    JOIN crowds AS c ON c.point_id = e.point_id
    LEFT JOIN added AS a ON a.point_id = e.point_id
),
vested AS (
    SELECT
        d.*,
        CASE
            WHEN d.users < $add_users_min THEN d.vested_before
            ELSE LEAST(d.vested_before + $epoch_end_hour - GREATEST($epoch_start_hour, d.confirmed_hour), $add_vesting_hours)
        END AS vested_hours
    FROM dated AS d
)
SELECT
    point_id,
    first_n,
    confirmed_hour,
    vested_hours,
    is_new * $add_first_milli_points
        + $add_vesting_milli_points * vested_hours / $add_vesting_hours
        - $add_vesting_milli_points * vested_before / $add_vesting_hours AS milli_points
FROM vested
