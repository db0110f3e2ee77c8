-- Every proof that reached the rules, once: reason, pay, who is paid from which pot, and the numbers behind it. What pays no points,
-- but data credits or nothing, is paid from no pot.
WITH all_kinds AS (
    SELECT
        v.n, v.reason, v.found, v.bound,
        v.user_id AS beneficiary, $pot_check_in AS pot, 0 AS stream,
        p.base, p.share, p.whole, 0 AS credits,
        w.inviter_id AS also_beneficiary, $pot_add AS also_pot,
        CASE WHEN w.paid_n IS NULL THEN 0 ELSE $referral_milli_points END AS also_milli_points
    FROM check_in_verdicts AS v
    LEFT JOIN check_in_pay AS p ON p.n = v.n
    LEFT JOIN invited_work AS w ON w.paid_n = v.n
    UNION ALL
    SELECT
        n, reason, found, bound,
        owner AS beneficiary, $pot_hotspot AS pot, 0 AS stream,
        base, share, whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM beat_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        owner AS beneficiary, $pot_partner AS pot, stream,
        base, share, whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM metric_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        validator_owner AS beneficiary, $pot_hotspot AS pot, 0 AS stream,
        $visit_validator_milli_points AS base, 1 AS share, 1 AS whole, 0 AS credits,
        owner AS also_beneficiary, $pot_hotspot AS also_pot, $visit_device_milli_points AS also_milli_points
    FROM visit_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        owner AS beneficiary, 0 AS pot, 0 AS stream,
        CAST(NULL AS BIGINT) AS base, CAST(NULL AS BIGINT) AS share, CAST(NULL AS BIGINT) AS whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM probe_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        subject_id AS beneficiary, 0 AS pot, 0 AS stream,
        CAST(NULL AS BIGINT) AS base, CAST(NULL AS BIGINT) AS share, CAST(NULL AS BIGINT) AS whole, credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM task_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        user_id AS beneficiary, 0 AS pot, 0 AS stream,
        CAST(NULL AS BIGINT) AS base, CAST(NULL AS BIGINT) AS share, CAST(NULL AS BIGINT) AS whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM add_verdicts
    UNION ALL
    SELECT
        v.n, v.reason, v.found, v.bound,
        v.user_id AS beneficiary, $pot_add AS pot, 0 AS stream,
        p.base, p.share, p.whole, 0 AS credits,
        v.adder_id AS also_beneficiary, $pot_add AS also_pot, COALESCE(p.adder_milli_points, 0) AS also_milli_points
    FROM confirmation_verdicts AS v
    LEFT JOIN confirmation_pay AS p ON p.n = v.n
    UNION ALL
    SELECT
        n, reason, found, bound,
        inviter_id AS beneficiary, 0 AS pot, 0 AS stream,
        CAST(NULL AS BIGINT) AS base, CAST(NULL AS BIGINT) AS share, CAST(NULL AS BIGINT) AS whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM referral_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        owner AS beneficiary, $pot_traffic AS pot, 0 AS stream,
        base, share, whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM traffic_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        subject_id AS beneficiary, $adjust_pot AS pot, 0 AS stream,
        base, share, whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM adjust_verdicts
    UNION ALL
    SELECT
        n, reason, found, bound,
        wallet_id AS beneficiary, 0 AS pot, 0 AS stream,
        CAST(NULL AS BIGINT) AS base, CAST(NULL AS BIGINT) AS share, CAST(NULL AS BIGINT) AS whole, 0 AS credits,
        CAST(NULL AS BIGINT) AS also_beneficiary, 0 AS also_pot, 0 AS also_milli_points
    FROM link_verdicts
)
SELECT
    n,
    reason,
    CASE WHEN reason <> $reason_ok OR pot = 0 THEN 0 ELSE mul_div(base, share, whole) END AS milli_points,
    credits,
    beneficiary,
    also_beneficiary,
    also_pot,
    CASE WHEN reason = $reason_ok THEN also_milli_points ELSE 0 END AS also_milli_points,
    pot,
    stream,
    found,
    bound,
    CASE WHEN reason = $reason_ok THEN base END AS base,
    CASE WHEN reason = $reason_ok THEN share END AS share,
    CASE WHEN reason = $reason_ok THEN whole END AS whole
FROM all_kinds
ORDER BY n
