-- What each visit is judged by: who visits whom, whether the two were sent to each other, and when they last met.
--
-- Who visits is drawn with a block that nobody knew when the two were registered; a device that came later could have chosen
-- its key after it. The last meeting counts from the last attempt that had no fault: no free retries.
WITH placed AS (
    SELECT
        p.*,
        p.observed_at_ms / 3600000 AS hour,
        d.owner,
        d.cluster,
        d.cell AS device_cell,
        h.registration,
        v.owner AS validator_owner,
        v.cluster AS by_cluster,
        p.observed_at_ms / 3600000 - v.since_hour AS validator_hours,
        CASE
            WHEN p.draw_permille < $visit_assigned_permille AND d.since_hour < $epoch_start_hour
                AND v.since_hour < $epoch_start_hour THEN 1
            ELSE 0
        END AS assigned
    FROM visits AS p
    JOIN devices AS d ON d.device = p.device
    JOIN hardware AS h ON h.device = p.device
    JOIN devices AS v ON v.device = p.validator_id
),
judged AS (
    SELECT
        p.*,
        CASE
            WHEN p.device_cell = 0 THEN $reason_not_asserted
            WHEN COALESCE(cell_resolution(p.cell), -1) <> $cell_resolution OR p.cell <> p.device_cell THEN $reason_bad_cell
            WHEN p.registration > 1 THEN $reason_cluster
            WHEN p.by_cluster = p.cluster THEN $reason_self_deal
            WHEN p.validator_hours < $validator_age_hours THEN $reason_low_trust
        END AS refusal
    FROM placed AS p
),
apart AS (
    SELECT
        j.n,
        j.hour - COALESCE(LAG(j.hour) OVER (PARTITION BY j.validator_id, j.device ORDER BY j.n), m.hour) AS hours_apart
    FROM judged AS j
    LEFT JOIN met AS m ON m.validator_id = j.validator_id AND m.device = j.device
    WHERE j.refusal IS NULL
)
SELECT
    j.*,
    a.hours_apart,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN a.hours_apart < $visit_pair_hours THEN $reason_duplicate
    END AS fault
FROM judged AS j
LEFT JOIN apart AS a ON a.n = j.n
