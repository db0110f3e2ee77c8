-- What each session is judged by: the device's place, its owner against the payer, its time, and whether its number is new.
--
-- Whoever pays for the traffic of their own device is refused here; one who hides it gains nothing by it, since no point of this pot
-- is worth more than the cheapest payer burned for it.
WITH known AS (
    SELECT
        s.*,
        s.observed_at_ms / 3600000 AS hour,
        s.bytes / $traffic_unit_bytes AS units,
        d.owner,
        d.cluster,
        d.cell AS device_cell,
        h.registration,
        p.wallet_id,
        p.wallet_cluster,
        s.observed_at_ms / 3600000 - m.hour AS hours_since
    FROM sessions AS s
    JOIN devices AS d ON d.device = s.device
    JOIN hardware AS h ON h.device = s.device
    JOIN payers AS p ON p.payer = s.payer
    LEFT JOIN session_numbers AS m ON m.payer = s.payer AND m.session_id = s.session_id
),
judged AS (
    SELECT
        k.*,
        CASE
            WHEN k.device_cell = 0 THEN $reason_not_asserted
            WHEN COALESCE(cell_resolution(k.cell), -1) <> $cell_resolution OR k.cell <> k.device_cell THEN $reason_bad_cell
            WHEN k.started_at_ms < $epoch_start_hour * 3600000 THEN $reason_late
            WHEN k.started_at_ms > k.observed_at_ms THEN $reason_future
            WHEN k.registration > 1 THEN $reason_cluster
            WHEN k.wallet_id = k.owner OR k.wallet_cluster = k.cluster THEN $reason_self_deal
        END AS refusal
    FROM known AS k
),
firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY payer, session_id ORDER BY n) AS BIGINT) AS of_number
    FROM judged
    WHERE refusal IS NULL
)
SELECT
    j.*,
    f.of_number,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN f.of_number > 1 OR j.hours_since < $traffic_number_hours THEN $reason_duplicate
    END AS fault
FROM judged AS j
LEFT JOIN firsts AS f ON f.n = j.n
