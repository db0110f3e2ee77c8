-- What the next epoch knows of each access point: when it last paid check-ins, and when somebody else was last
-- there.
--
-- An access point that paid starts charging again at the end of the epoch, where its budget was divided.
WITH paid AS (
    SELECT
        device,
        $epoch_end_hour AS last_paid_hour
    FROM check_in_pay
    GROUP BY device
),
contacts_of_epoch AS (
    SELECT device, observed_at_ms / 3600000 AS hour FROM check_in_verdicts WHERE reason = $reason_ok
    UNION ALL
    SELECT device, hour FROM visit_verdicts WHERE reason = $reason_ok
),
reached AS (
    SELECT
        device,
        MAX(hour) AS last_contact_hour
    FROM contacts_of_epoch
    GROUP BY device
),
seen AS (
    SELECT
        m.device,
        p.last_paid_hour,
        m.last_contact_hour
    FROM reached AS m
    LEFT JOIN paid AS p ON p.device = m.device
)
SELECT
    COALESCE(s.device, p.device) AS device,
    COALESCE(s.last_paid_hour, p.last_paid_hour) AS last_paid_hour,
    COALESCE(s.last_contact_hour, p.last_contact_hour) AS last_contact_hour
FROM access_points AS p
FULL JOIN seen AS s ON s.device = p.device
ORDER BY device
