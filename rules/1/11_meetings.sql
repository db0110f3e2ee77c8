-- Every meeting of a validator with a device, of which visits and probes tell, and whether the validator may judge the device.
--
-- A validator is somebody else than the owner, and of an age: a key that was registered for the occasion judges nothing.
WITH told AS (
    SELECT n, device, validator_id, observed_at_ms, cell FROM visits
    UNION ALL
    SELECT n, device, validator_id, observed_at_ms, cell FROM probes
),
placed AS (
    SELECT
        t.n,
        t.device,
        t.validator_id,
        t.cell,
        t.observed_at_ms / 3600000 AS hour,
        d.owner,
        d.cluster,
        d.cell AS device_cell,
        d.since_hour AS device_since_hour,
        h.registration,
        v.owner AS validator_owner,
        v.cluster AS by_cluster,
        v.since_hour AS validator_since_hour
    FROM told AS t
    JOIN devices AS d ON d.device = t.device
    JOIN hardware AS h ON h.device = t.device
    JOIN devices AS v ON v.device = t.validator_id
)
SELECT
    p.*,
    p.hour - p.validator_since_hour AS validator_hours,
    CASE
        WHEN p.device_cell = 0 THEN $reason_not_asserted
        WHEN COALESCE(cell_resolution(p.cell), -1) <> $cell_resolution OR p.cell <> p.device_cell THEN $reason_bad_cell
        WHEN p.registration > 1 THEN $reason_cluster
        WHEN p.by_cluster = p.cluster THEN $reason_self_deal
        WHEN p.hour - p.validator_since_hour < $validator_age_hours THEN $reason_low_trust
    END AS refusal
FROM placed AS p
