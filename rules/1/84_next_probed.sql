-- What the next epoch knows of each device's probes: those that count in its first two days.
SELECT
    device,
    day,
    probes,
    down_kbps,
    up_kbps,
    rtt_ms,
    loss_permille
FROM probe_days
WHERE day >= $epoch_end_hour / 24 - 1
ORDER BY device, day
