-- What the next epoch knows of each added access point's neighbours, as long as it knows the point.
WITH known AS (
    SELECT point_id, neighbour_id FROM beside
    UNION ALL
    SELECT v.point_id, s.neighbour_id
    FROM add_verdicts AS v
    JOIN add_scans AS s ON s.n = v.n
    WHERE v.reason = $reason_ok
)
SELECT k.point_id, k.neighbour_id
FROM known AS k
JOIN next_added AS a ON a.point_id = k.point_id
ORDER BY point_id, neighbour_id
