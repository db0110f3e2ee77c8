-- Devices with at least one good beat in this epoch, with uptime and seniority.
WITH up AS (
    SELECT
        device,
        COUNT(*) AS hours
    FROM beat_facts
    WHERE fault IS NULL
    GROUP BY device
)
SELECT
    d.device,
    d.cluster,
    d.cell,
    d.lat_e7,
    d.lon_e7,
    u.hours * $cell_uptime_steps / $epoch_hours AS uptime,
    CAST(
        ROW_NUMBER() OVER (ORDER BY GREATEST(d.since_hour, COALESCE(d.moved_hour, d.since_hour)), d.position) AS BIGINT
    ) AS seniority
FROM up AS u
JOIN devices AS d ON d.device = u.device
