-- The tier of a device's service in each UTC day: by the mean of the probes of that day and the day before, in each dimension;
-- the worst dimension counts. Too few probes are none.
WITH spans AS (
    SELECT device, day, probes, down_kbps, up_kbps, rtt_ms, loss_permille
    FROM probe_days
    UNION ALL
    SELECT device, day + 1 AS day, probes, down_kbps, up_kbps, rtt_ms, loss_permille
    FROM probe_days
),
sums AS (
    SELECT
        device,
        day,
        SUM(probes) AS probes,
        SUM(down_kbps) AS down_kbps,
        SUM(up_kbps) AS up_kbps,
        SUM(rtt_ms) AS rtt_ms,
        SUM(loss_permille) AS loss_permille
    FROM spans
    GROUP BY device, day
),
means AS (
    SELECT
        device,
        day,
        down_kbps / probes AS down_kbps,
        up_kbps / probes AS up_kbps,
        rtt_ms / probes AS rtt_ms,
        loss_permille / probes AS loss_permille
    FROM sums
    WHERE probes >= $quality_probes_min
)
SELECT
    device,
    day,
    CASE
        WHEN down_kbps >= $quality_tier_1_down_kbps AND up_kbps >= $quality_tier_1_up_kbps
            AND rtt_ms < $quality_tier_1_rtt_ms AND loss_permille < $quality_tier_1_loss_permille THEN $quality_tier_1_permille
        WHEN down_kbps >= $quality_tier_2_down_kbps AND up_kbps >= $quality_tier_2_up_kbps
            AND rtt_ms < $quality_tier_2_rtt_ms AND loss_permille < $quality_tier_2_loss_permille THEN $quality_tier_2_permille
        WHEN down_kbps >= $quality_tier_3_down_kbps AND up_kbps >= $quality_tier_3_up_kbps
            AND rtt_ms < $quality_tier_3_rtt_ms AND loss_permille < $quality_tier_3_loss_permille THEN $quality_tier_3_permille
        WHEN down_kbps >= $quality_tier_4_down_kbps AND up_kbps >= $quality_tier_4_up_kbps
            AND rtt_ms < $quality_tier_4_rtt_ms AND loss_permille < $quality_tier_4_loss_permille THEN $quality_tier_4_permille
        ELSE 0
    END AS permille
FROM means
