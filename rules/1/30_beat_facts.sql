-- What each beat is judged by alone: its place, its hour, its machine, the measured service of its day.
WITH placed AS (
    SELECT
        b.*,
        d.owner,
        d.cell AS device_cell,
        d.lat_e7 AS asserted_lat_e7,
        d.moved_hour,
        h.registration,
        distance_m(d.lat_e7, d.lon_e7, b.lat_e7, b.lon_e7) AS away_m,
        COALESCE(q.permille, u.permille) AS quality_permille
    FROM beats AS b
    JOIN devices AS d ON d.device = b.device
    JOIN hardware AS h ON h.device = b.device
    LEFT JOIN device_quality AS q ON q.device = b.device AND q.day = b.hour / 24
    CROSS JOIN unmeasured AS u
),
judged AS (
    SELECT
        p.*,
        CASE
            WHEN p.asserted_lat_e7 IS NULL OR p.device_cell = 0 THEN $reason_not_asserted
            WHEN COALESCE(cell_resolution(p.cell), -1) <> $cell_resolution THEN $reason_bad_cell
            WHEN p.hour < p.observed_at_ms / 3600000 THEN $reason_late
            WHEN p.hour > p.observed_at_ms / 3600000 THEN $reason_future
            WHEN p.registration > 1 THEN $reason_cluster
            WHEN p.away_m > $beat_far_m THEN $reason_too_far
            WHEN p.hour < p.moved_hour + $beat_relocation_hours THEN $reason_low_trust
            WHEN p.quality_permille = 0 THEN $reason_qos_fail
        END AS refusal
    FROM placed AS p
),
firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY device, hour ORDER BY n) AS BIGINT) AS beat_of_hour
    FROM judged
    WHERE refusal IS NULL
)
SELECT
    j.*,
    f.beat_of_hour,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN f.beat_of_hour > 1 THEN $reason_duplicate
    END AS fault
FROM judged AS j
LEFT JOIN firsts AS f ON f.n = j.n
