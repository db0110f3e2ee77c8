-- What the good probes of a device add up to in each UTC day, those of the last epoch included.
WITH good AS (
    SELECT device, day, 1 AS probes, down_kbps, up_kbps, rtt_ms, loss_permille
    FROM probe_verdicts
    WHERE reason = $reason_ok
    UNION ALL
    SELECT device, day, probes, down_kbps, up_kbps, rtt_ms, loss_permille
    FROM probed
)
SELECT
    device,
    day,
    SUM(probes) AS probes,
    SUM(down_kbps) AS down_kbps,
    SUM(up_kbps) AS up_kbps,
    SUM(rtt_ms) AS rtt_ms,
    SUM(loss_permille) AS loss_permille
FROM good
GROUP BY device, day
