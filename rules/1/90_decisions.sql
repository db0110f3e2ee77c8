-- Every proof that reached the rules, once: reason, pay, who is paid from which pool, and the numbers behind it.
WITH all_kinds AS (
    SELECT
        v.n, v.reason, v.found, v.bound,
        v.user_id AS beneficiary, $pool_check_in AS pool, 0 AS stream,
        p.base, p.share, p.whole
    FROM check_in_verdicts AS v
    LEFT JOIN check_in_points AS p ON p.n = v.n
    UNION ALL
    SELECT
        n, reason, found, bound,
        owner AS beneficiary, $pool_hotspot AS pool, 0 AS stream,
        base, share, whole
    FROM beat_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        owner AS beneficiary, $pool_partner AS pool, stream,
        base, share, whole
    FROM metric_verdicts
)
SELECT
    n,
    reason,
    CASE WHEN reason = $reason_ok THEN mul_div(base, share, whole) ELSE 0 END AS milli_points,
    beneficiary,
    pool,
    stream,
    found,
    bound,
    CASE WHEN reason = $reason_ok THEN base END AS base,
    CASE WHEN reason = $reason_ok THEN share END AS share,
    CASE WHEN reason = $reason_ok THEN whole END AS whole
FROM all_kinds
ORDER BY n
