-- What each adjustment is judged by: whether what it makes good was made good before, and whether an operator pays itself.
WITH judged AS (
    SELECT
        a.*,
        CASE
            WHEN a.subject_id IN (a.operator_id, a.second_operator_id)
                OR a.subject_cluster IN (a.operator_cluster, a.second_operator_cluster) THEN $reason_self_deal
            WHEN m.adjusted_id IS NOT NULL THEN $reason_duplicate
            WHEN a.milli_points > $adjust_epoch_milli_points_max THEN $reason_cap_user
        END AS refusal
    FROM adjustments AS a
    LEFT JOIN adjusted AS m ON m.adjusted_id = a.adjusted_id
),
firsts AS (
    SELECT
        n,
        CAST(ROW_NUMBER() OVER (PARTITION BY adjusted_id ORDER BY n) AS BIGINT) AS of_adjusted
    FROM judged
    WHERE refusal IS NULL
)
SELECT
    j.*,
    f.of_adjusted,
    CASE
        WHEN j.refusal IS NOT NULL THEN j.refusal
        WHEN f.of_adjusted > 1 THEN $reason_duplicate
    END AS fault
FROM judged AS j
LEFT JOIN firsts AS f ON f.n = j.n
