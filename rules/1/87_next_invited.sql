-- What the next epoch knows of everybody who was invited: by whom, for ever, and how far they have come until their inviter is paid.
WITH known AS (
    SELECT invitee_id, inviter_id, hour, days, last_day, paid_hour
    FROM invited
    WHERE paid_hour IS NOT NULL
    UNION ALL
    SELECT
        invitee_id, inviter_id, hour, days, last_day,
        CASE WHEN paid_n IS NOT NULL THEN $epoch_end_hour END AS paid_hour
    FROM invited_work
)
SELECT invitee_id, inviter_id, hour, days, last_day, paid_hour
FROM known
ORDER BY invitee_id
