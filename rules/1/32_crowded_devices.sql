-- Active devices that stand within $cell_apart_m of an active device registered before them.
--
-- Squares of half that width hold devices that are all too near to each other; the first one registered stands for its
-- square, and every device is compared with those of the squares around it. However many devices somebody puts in one
-- place, each is compared with at most 25.
WITH homes AS (
    SELECT
        device,
        seniority,
        lat_e7,
        lon_e7,
        square,
        CAST(ROW_NUMBER() OVER (PARTITION BY square ORDER BY seniority) AS BIGINT) AS place
    FROM (
        SELECT
            device,
            seniority,
            lat_e7,
            lon_e7,
            grid_square(lat_e7, lon_e7, 0, 0, ($cell_apart_m + 1) / 2) AS square
        FROM active_devices
    ) AS squared
),
steps AS (
    SELECT 0 - 2 AS step UNION ALL SELECT 0 - 1 UNION ALL SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2
),
looked AS (
    SELECT
        a.device,
        a.seniority,
        a.lat_e7,
        a.lon_e7,
        grid_square(a.lat_e7, a.lon_e7, north.step, east.step, ($cell_apart_m + 1) / 2) AS square
    FROM active_devices AS a
    CROSS JOIN steps AS north
    CROSS JOIN steps AS east
)
SELECT
    l.device,
    MIN(distance_m(l.lat_e7, l.lon_e7, h.lat_e7, h.lon_e7)) AS apart_m
FROM looked AS l
JOIN homes AS h ON h.square = l.square
WHERE h.place = 1
    AND h.seniority < l.seniority
    AND distance_m(l.lat_e7, l.lon_e7, h.lat_e7, h.lon_e7) <= $cell_apart_m
GROUP BY l.device
