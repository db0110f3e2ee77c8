-- What each visit is judged by: whether the two were sent to each other, and when they last met.
--
-- Who visits is drawn with a block that nobody knew when the two were registered; a device that came later could have chosen
-- its key after it. The last meeting counts from the last attempt that had no fault: no free retries.
WITH drawn AS (
    SELECT
        m.*,
        CASE
            WHEN p.draw_permille < $visit_assigned_permille AND m.device_since_hour < $epoch_start_hour
                AND m.validator_since_hour < $epoch_start_hour THEN 1
            ELSE 0
        END AS assigned
    FROM visits AS p
    JOIN meetings AS m ON m.n = p.n
),
apart AS (
    SELECT
        d.n,
        d.hour - COALESCE(LAG(d.hour) OVER (PARTITION BY d.validator_id, d.device ORDER BY d.n), m.hour) AS hours_apart
    FROM drawn AS d
    LEFT JOIN met AS m ON m.validator_id = d.validator_id AND m.device = d.device
    WHERE d.refusal IS NULL
)
SELECT
    d.*,
    a.hours_apart,
    CASE
        WHEN d.refusal IS NOT NULL THEN d.refusal
        WHEN a.hours_apart < $visit_pair_hours THEN $reason_duplicate
    END AS fault
FROM drawn AS d
LEFT JOIN apart AS a ON a.n = d.n
