-- One verdict for each adjustment, and the points it gives.
--
-- What operators give in an epoch is bounded: two keys that are stolen can give no more. In their order, until one does not fit; that
-- one can be signed for again.
WITH bounded AS (
    SELECT
        n,
        SUM(milli_points) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS given
    FROM adjust_facts
    WHERE fault IS NULL
)
SELECT
    f.n,
    f.subject_id,
    f.adjusted_id,
    CASE
        WHEN f.fault IS NOT NULL THEN f.fault
        WHEN b.given > $adjust_epoch_milli_points_max THEN $reason_cap_user
        ELSE $reason_ok
    END AS reason,
    CASE
        WHEN f.fault = $reason_cap_user THEN f.milli_points
        WHEN f.fault = $reason_duplicate THEN COALESCE(f.of_adjusted, 1)
        WHEN b.given > $adjust_epoch_milli_points_max THEN b.given
    END AS found,
    CASE
        WHEN f.fault = $reason_duplicate THEN 1
        WHEN f.fault = $reason_cap_user OR b.given > $adjust_epoch_milli_points_max THEN $adjust_epoch_milli_points_max
    END AS bound,
    f.milli_points AS base,
    1 AS share,
    1 AS whole
FROM adjust_facts AS f
LEFT JOIN bounded AS b ON b.n = f.n
