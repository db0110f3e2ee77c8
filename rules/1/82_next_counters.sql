-- What the next epoch knows of each meter: its highest good reading.
WITH seen AS (
    SELECT
        device,
        stream,
        MAX(counter) AS counter
    FROM metric_verdicts
    WHERE fault IS NULL
    GROUP BY device, stream
)
SELECT
    COALESCE(s.device, c.device) AS device,
    COALESCE(s.stream, c.stream) AS stream,
    COALESCE(s.counter, c.counter) AS counter
FROM counters AS c
FULL JOIN seen AS s ON s.device = c.device AND s.stream = c.stream
ORDER BY device, stream
