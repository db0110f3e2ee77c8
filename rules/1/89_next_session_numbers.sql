-- What the next epoch knows of each payer's sessions: their numbers, while one can still refuse another.
WITH known AS (
    SELECT payer, session_id, hour FROM session_numbers
    UNION ALL
    SELECT payer, session_id, hour FROM traffic_verdicts WHERE fault IS NULL
)
SELECT
    payer,
    session_id,
    MAX(hour) AS hour
FROM known
WHERE hour > $epoch_end_hour - $traffic_number_hours
GROUP BY payer, session_id
ORDER BY payer, session_id
