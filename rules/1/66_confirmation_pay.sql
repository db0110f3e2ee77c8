-- What each confirmation pays: the user something for going there, the first few of a point and epoch, however many come; and by the
-- epoch's first one its adder.
WITH accepted AS (
    SELECT
        n,
        point_id,
        CAST(ROW_NUMBER() OVER (PARTITION BY point_id ORDER BY n) AS BIGINT) AS in_line
    FROM confirmation_verdicts
    WHERE reason = $reason_ok
)
SELECT
    a.n,
    $add_confirmation_milli_points AS base,
    CASE WHEN a.in_line <= $add_users_min THEN 1 ELSE 0 END AS share,
    1 AS whole,
    CASE WHEN a.n = p.first_n THEN p.milli_points ELSE 0 END AS adder_milli_points
FROM accepted AS a
JOIN confirmed_points AS p ON p.point_id = a.point_id
