-- Active devices that stand within $cell_apart_m of an active device registered before them.
--
-- Each device looks into its own square of a grid and the eight around it; squares are as wide as the distance, so
-- nobody nearer is missed and nobody far is compared.
WITH steps AS (
    SELECT 0 - 1 AS step UNION ALL SELECT 0 UNION ALL SELECT 1
),
looked AS (
    SELECT
        a.device,
        a.seniority,
        a.lat_e7,
        a.lon_e7,
        grid_square(a.lat_e7, a.lon_e7, north.step, east.step, $cell_apart_m) AS square
    FROM active_devices AS a
    CROSS JOIN steps AS north
    CROSS JOIN steps AS east
),
homes AS (
    SELECT
        device,
        seniority,
        lat_e7,
        lon_e7,
        grid_square(lat_e7, lon_e7, 0, 0, $cell_apart_m) AS square
    FROM active_devices
)
SELECT
    l.device,
    MIN(distance_m(l.lat_e7, l.lon_e7, h.lat_e7, h.lon_e7)) AS apart_m
FROM looked AS l
JOIN homes AS h ON h.square = l.square
WHERE h.seniority < l.seniority
    AND distance_m(l.lat_e7, l.lon_e7, h.lat_e7, h.lon_e7) <= $cell_apart_m
GROUP BY l.device
