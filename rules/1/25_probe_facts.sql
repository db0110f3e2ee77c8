-- What each probe is judged by: the place it was made at, and who made it.
--
-- A validator is somebody else than the owner, and of an age: a key that was registered for the occasion measures nothing.
WITH placed AS (
    SELECT
        p.*,
        p.observed_at_ms / 3600000 AS hour,
        d.owner,
        d.cluster,
        d.cell AS device_cell,
        h.registration,
        v.cluster AS by_cluster,
        p.observed_at_ms / 3600000 - v.since_hour AS validator_hours
    FROM probes AS p
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
firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY device, validator_id, hour ORDER BY n) AS BIGINT) AS of_hour
    FROM judged
    WHERE refusal IS NULL
)
SELECT
    j.*,
    f.of_hour,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN f.of_hour > 1 THEN $reason_duplicate
    END AS fault
FROM judged AS j
LEFT JOIN firsts AS f ON f.n = j.n
