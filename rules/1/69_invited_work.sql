-- How far each one who was invited has come, those of whom nothing was paid yet: days and cells with a check-in that earned something.
--
-- The inviter is paid by the check-in of the invitee with which both are reached; not if the two turned out to share a machine since.
-- Days are told by the last one that counted, cells by as many as are needed: what is remembered does not grow with the work.
WITH waiting AS (
    SELECT invitee_id, inviter_id, hour, days, last_day FROM invited WHERE paid_hour IS NULL
    UNION ALL
    SELECT
        invitee_id,
        inviter_id,
        observed_at_ms / 3600000 AS hour,
        0 AS days,
        observed_at_ms / 86400000 - 1 AS last_day
    FROM referral_verdicts
    WHERE reason = $reason_ok
),
new_days AS (
    SELECT s.invitee_id, s.day
    FROM invited_steps AS s
    JOIN waiting AS w ON w.invitee_id = s.invitee_id
    WHERE s.day > w.last_day
    GROUP BY s.invitee_id, s.day
),
days_of AS (
    SELECT invitee_id, COUNT(*) AS days, MAX(day) AS last_day FROM new_days GROUP BY invitee_id
),
places AS (
    SELECT invitee_id, cell FROM invited_steps
    UNION ALL
    SELECT invitee_id, cell FROM invited_cells
),
distinct_places AS (
    SELECT invitee_id, cell FROM places GROUP BY invitee_id, cell
),
cells_of AS (
    SELECT invitee_id, COUNT(*) AS cells FROM distinct_places GROUP BY invitee_id
),
last_steps AS (
    SELECT invitee_id, MAX(n) AS last_n FROM invited_steps GROUP BY invitee_id
),
owners AS (
    SELECT d.owner, d.cluster FROM devices AS d GROUP BY d.owner, d.cluster
),
come_to AS (
    SELECT
        w.invitee_id,
        w.inviter_id,
        w.hour,
        w.days + COALESCE(d.days, 0) AS days,
        COALESCE(d.last_day, w.last_day) AS last_day,
        COALESCE(c.cells, 0) AS cells,
        l.last_n,
        CASE WHEN a.cluster = b.cluster THEN 1 ELSE 0 END AS is_one
    FROM waiting AS w
    LEFT JOIN days_of AS d ON d.invitee_id = w.invitee_id
    LEFT JOIN cells_of AS c ON c.invitee_id = w.invitee_id
    LEFT JOIN last_steps AS l ON l.invitee_id = w.invitee_id
    LEFT JOIN owners AS a ON a.owner = w.invitee_id
    LEFT JOIN owners AS b ON b.owner = w.inviter_id
)
SELECT
    invitee_id,
    inviter_id,
    hour,
    days,
    last_day,
    CASE
        WHEN days >= $referral_days_min AND cells >= $referral_cells_min AND is_one = 0 THEN last_n
    END AS paid_n
FROM come_to
